using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Secateur.Benchmarks.Networks;

/// <summary>ONNX Runtime in a process of its own, which sleeps while it has no command (benchmarks/peers/onnxruntime.mjs).</summary>
internal sealed class OnnxRuntimePeer : IDisposable
{
    readonly Process process;

    /// <exception cref="FileNotFoundException">The package is not installed.</exception>
    public OnnxRuntimePeer()
    {
        string peers = Path.Combine(Repository.Root, "benchmarks", "peers");
        if (!Directory.Exists(Path.Combine(peers, "node_modules", "onnxruntime-node")))
            throw new FileNotFoundException("ONNX Runtime is not installed; run benchmarks/prepare first.");
        process = Process.Start(new ProcessStartInfo("node", [Path.Combine(peers, "onnxruntime.mjs")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
    }

    /// <summary>The version that is installed.</summary>
    public static string Installed =>
        (string)JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "benchmarks", "peers", "node_modules", "onnxruntime-node", "package.json")))!["version"]!;

    public void Load(string model, int batch, int threads) =>
        Ask(new() { ["op"] = "load", ["model"] = model, ["batch"] = batch, ["threads"] = threads });

    /// <summary>Logits for the picture in a file, repeated to the batch.</summary>
    public float[] Check(string file) => [.. Ask(new() { ["op"] = "check", ["file"] = file })["logits"]!.AsArray().Select(logit => (float)logit!)];

    /// <summary>Milliseconds of each run.</summary>
    public double[] Run(int iterations) =>
        [.. Ask(new() { ["op"] = "run", ["iterations"] = iterations })["milliseconds"]!.AsArray().Select(ms => (double)ms!)];

    /// <summary>Calls and milliseconds of a run by operator, slowest first, as its own profiler says.</summary>
    public IEnumerable<(string Operator, double Calls, double Milliseconds)> Profile(int iterations) =>
        Ask(new() { ["op"] = "profile", ["iterations"] = iterations })["operators"]!.AsObject()
            .Select(entry => (entry.Key, (double)entry.Value!["calls"]!, (double)entry.Value["milliseconds"]!))
            .OrderByDescending(entry => entry.Item3);

    public void Dispose()
    {
        process.StandardInput.Close();
        if (!process.WaitForExit(5000))
            process.Kill();
        process.Dispose();
    }

    JsonObject Ask(JsonObject command)
    {
        process.StandardInput.WriteLine(command.ToJsonString());
        process.StandardInput.Flush();
        string answer = process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("ONNX Runtime's process ended; see its message above.");
        JsonObject parsed = JsonNode.Parse(answer)!.AsObject();
        return parsed["error"] is { } error ? throw new InvalidOperationException($"ONNX Runtime: {error}") : parsed;
    }
}
