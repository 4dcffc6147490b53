using System.Diagnostics;
using System.Text.Json;
using Secateur.Cli;
using Secateur.Tests.Architecture;
using Secateur.Tests.Cli;

namespace Secateur.Tests.Reports;

/// <summary>A report of a small sweep that was measured, timed and profiled here, and what a browser finds in it. Needs Chromium, Node.js and what
/// <c>npm ci</c> puts into tests/report; <c>./test</c> installs what it can.</summary>
public sealed class BrowserFixture : IDisposable
{
    const int OldestNode = 20;

    static readonly string Driver = Path.Combine(Repository.Root, "tests", "report");

    readonly TemporaryFolder folder = new();
    readonly Lazy<JsonDocument> found;

    /// <summary>Nothing happens before it is asked for.</summary>
    public BrowserFixture() => found = new(Look);

    /// <summary>What the driver says.</summary>
    internal JsonElement Found
    {
        get
        {
            Require();
            return found.Value.RootElement;
        }
    }

    public void Dispose()
    {
        if (found.IsValueCreated)
            found.Value.Dispose();
        folder.Dispose();
    }

    static string Chromium => Find("chromium") ?? Find("chromium-browser") ?? "";

    static void Require()
    {
        Skip.If(Chromium.Length == 0, "There is no Chromium on the PATH; it looks at the report.");
        Skip.If(Find("node") is null, "There is no Node.js on the PATH; it drives the browser.");
        string version = Run("node", "--version").Out.Trim();
        Skip.IfNot(int.TryParse(version.TrimStart('v').Split('.')[0], out int major) && major >= OldestNode, $"Node.js {version} is older than {OldestNode}.");
        Skip.IfNot(Directory.Exists(Path.Combine(Driver, "node_modules", "playwright-core")), "The packages of tests/report are not there: npm ci --ignore-scripts in tests/report.");
    }

    JsonDocument Look()
    {
        string results = folder["results"], page = folder["report.html"];
        Tool("sweep", "scenes-vit", "--data", "scenes:24", "--methods", "tome,zero-tprune,random-drop", "--budgets", "0.8,0.6", "--batch", "4", "--latency", "--rounds", "6", "-o", results);
        Tool("profile", "scenes-vit", "--stride", "49", "--rounds", "3", "-o", Path.Combine(results, "profile.json"));
        Tool("report", results, "--pictures", "2", "-o", page);
        (int code, string output, string error) = Run("node", Path.Combine(Driver, "look.mjs"), Chromium, page);
        Assert.True(code == 0, error);
        return JsonDocument.Parse(output);
    }

    static void Tool(params string[] arguments)
    {
        Captured run = Captured.Run(arguments);
        Assert.True(run.ExitCode == ExitCode.Done, run.Error);
    }

    static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(directory => Path.Combine(directory, program)).FirstOrDefault(File.Exists);

    static (int Code, string Out, string Error) Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.GetAwaiter().GetResult());
    }
}
