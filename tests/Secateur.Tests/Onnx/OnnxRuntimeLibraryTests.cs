using Secateur.Onnx.Runtime;

namespace Secateur.Tests.Onnx;

public sealed class OnnxRuntimeLibraryTests
{
    [SkippableFact]
    public void A_library_is_found_by_its_file_and_by_its_folder()
    {
        OnnxRuntimeLibrary library = InstalledRuntime.Library;
        Skip.IfNot(Path.IsPathFullyQualified(library.Path), "the system does not tell where the library is");
        Assert.True(Version.Parse(library.Version) >= new Version(1, 12));
        Assert.Same(library, OnnxRuntimeLibrary.Find(library.Path));
        Assert.Equal(library.Version, OnnxRuntimeLibrary.Find(Path.GetDirectoryName(library.Path)).Version);
    }

    [Fact]
    public void What_is_named_and_is_no_runtime_is_refused_with_what_to_do()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("there is no such file or folder. Get it with", Message(folder["none"]), StringComparison.Ordinal);
        Assert.Contains("holds no library of ONNX Runtime", Message(folder.Path), StringComparison.Ordinal);
        File.WriteAllText(folder["libonnxruntime.so"], "not a library");
        Assert.Contains("is not a library that this process can load", Message(folder["libonnxruntime.so"]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_library_that_is_something_else_is_not_called()
    {
        string? other = new[] { "libc.so.6", "libSystem.dylib", "kernel32.dll" }.Select(Of).FirstOrDefault(path => path is not null);
        if (other is not null)
            Assert.Contains("is not ONNX Runtime", Message(other), StringComparison.Ordinal);

        static string? Of(string name) => new[] { "/lib/x86_64-linux-gnu", "/lib/aarch64-linux-gnu", "/lib64", "/usr/lib", Environment.SystemDirectory }.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
    }

    static string Message(string path) => Assert.Throws<OnnxRuntimeException>(() => OnnxRuntimeLibrary.Find(path)).Message;
}
