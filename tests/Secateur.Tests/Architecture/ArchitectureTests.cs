using System.Reflection;
using System.Xml.Linq;

namespace Secateur.Tests.Architecture;

public sealed class ArchitectureTests
{
    /// <summary>From left to right: each may use only what stands to its left.</summary>
    static readonly string[] Projects = ["Secateur.Kernels", "Secateur.Models", "Secateur.Compression", "Secateur.Evaluation", "Secateur.Onnx", "Secateur.Cli"];

    public static TheoryData<string> Libraries => [.. Projects[..^1]];

    /// <summary>Of the libraries, those that need the base class library alone.</summary>
    public static TheoryData<string> Alone => [.. Projects[..^2]];

    [Fact]
    public void Projects_refer_only_to_the_left()
    {
        for (int i = 0; i < Projects.Length; i++)
            Assert.All(Named(Projects[i], "ProjectReference"), name => Assert.Contains(Path.GetFileNameWithoutExtension(name), Projects[..i]));
    }

    [Theory]
    [MemberData(nameof(Alone))]
    public void Libraries_depend_on_the_base_class_library_alone(string library)
    {
        Assert.Empty(Named(library, "PackageReference"));
        Assert.All(Used(library), name => Assert.True(name.StartsWith("System.", StringComparison.Ordinal) || Projects.Contains(name), $"{library} uses {name}"));
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    public void Libraries_do_not_write_to_the_console(string library) => Assert.DoesNotContain("System.Console", Used(library));

    [Fact]
    public void The_door_to_other_runtimes_needs_the_format_of_their_files_and_no_more() =>
        Assert.All(Used("Secateur.Onnx"), name => Assert.True(name.StartsWith("System.", StringComparison.Ordinal) || name == "Google.Protobuf" || Projects.Contains(name), $"Secateur.Onnx uses {name}"));

    [Theory]
    [InlineData("Tokens")]
    [InlineData("Structured")]
    public void A_method_fits_on_under_200_lines(string kind)
    {
        string folder = Path.Combine("src", "Secateur.Compression", kind);
        if (Directory.Exists(Path.Combine(Repository.Root, folder)))
            Assert.All(Repository.Sources(folder), file => Assert.True(File.ReadLines(file).Count() < 200, $"{file} is too long for one idea"));
    }

    [Fact]
    public void Every_package_has_its_reason_written_down()
    {
        string reasons = File.ReadAllText(Path.Combine(Repository.Root, "docs", "decisions", "2026-11-21-dependencies.md"));
        var versions = XDocument.Load(Path.Combine(Repository.Root, "Directory.Packages.props")).Descendants("PackageVersion");
        Assert.All(versions, package => Assert.Contains($"`{package.Attribute("Include")!.Value}`", reasons));
    }

    static string[] Used(string library) => [.. Assembly.Load(library).GetReferencedAssemblies().Select(name => name.Name!)];

    static IEnumerable<string> Named(string project, string element) =>
        XDocument.Load(Path.Combine(Repository.Root, "src", project, project + ".csproj")).Descendants(element).Select(e => e.Attribute("Include")!.Value);
}
