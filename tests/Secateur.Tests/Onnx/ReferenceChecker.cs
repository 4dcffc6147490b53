using System.Diagnostics;
using Secateur.Tests.Architecture;

namespace Secateur.Tests.Onnx;

/// <summary>The checker of the reference onnx package (Debian's python3-onnx), which knows opset 17; tests that need it skip with a reason where it is absent.</summary>
internal static class ReferenceChecker
{
    // Debian's own interpreter: another one in the path does not see Debian's packages.
    const string Python = "/usr/bin/python3";

    static readonly Lazy<bool> Installed = new(static () => File.Exists(Python) && Run(["-c", "import onnx"]).Code == 0);

    /// <summary>What is wrong with files; empty where nothing is.</summary>
    /// <exception cref="SkipException">The checker is not installed.</exception>
    public static string Complaints(params string[] files)
    {
        if (files.Length == 0)
            return "";
        Skip.IfNot(Installed.Value, "the reference onnx package is not installed (apt-get install python3-onnx).");
        (int code, string said) = Run([Path.Combine(Repository.Root, "tests", "onnx-check.py"), .. files]);
        return code == 0 ? "" : said;
    }

    static (int Code, string Said) Run(string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(Python, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, said + error.GetAwaiter().GetResult());
    }
}
