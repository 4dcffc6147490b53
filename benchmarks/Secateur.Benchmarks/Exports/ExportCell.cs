using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Secateur.Benchmarks.Measuring;

namespace Secateur.Benchmarks.Exports;

/// <summary>One network at one batch size, dense and pruned, in both engines: a turn for each in every round.</summary>
/// <param name="Network">Which.</param>
/// <param name="Batch">Pictures in a run.</param>
/// <param name="Threads">Threads of each engine.</param>
/// <param name="Method">What prunes.</param>
/// <param name="Ratio">Multiply-adds of the plan over those of the dense network, selection included.</param>
/// <param name="Form">The dense ONNX file that ONNX Runtime was fastest on.</param>
/// <param name="Nodes">Nodes of the exported graphs: dense, pruned.</param>
/// <param name="Times">Milliseconds of a run: our dense, ONNX Runtime's dense, our pruned, ONNX Runtime's on the exported pruned graph; [4][rounds].</param>
internal sealed record ExportCell(string Network, int Batch, int Threads, string Method, double Ratio, string Form, (int Dense, int Pruned) Nodes, ImmutableArray<double[]> Times)
{
    /// <summary>What the four are called.</summary>
    public static ImmutableArray<string> Contestants { get; } = ["Secateur dense", "ONNX Runtime dense", "Secateur pruned", "ONNX Runtime, exported"];

    /// <summary>Our dense time over our pruned one, round by round.</summary>
    public Spread OurGain => Over(0, 2);

    /// <summary>ONNX Runtime's dense time over its time on the exported graph, round by round.</summary>
    public Spread TheirGain => Over(1, 3);

    /// <summary>ONNX Runtime's time on the exported graph over our pruned time, round by round.</summary>
    public Spread Ahead => Over(3, 2);

    /// <summary>A line of the table.</summary>
    public string Row => FormattableString.Invariant(
        $"| {Network} | {Batch} | {Method} | {Ratio:0.000} | {string.Join(" | ", Times.Select(times => Spread.Of(times).Text("F1")))} | {OurGain.Text("F2")} | {TheirGain.Text("F2")} | {Ahead.Text("F2")} | {Form} |");

    public JsonObject ToJson() => new()
    {
        ["network"] = Network,
        ["batch"] = Batch,
        ["threads"] = Threads,
        ["method"] = Method,
        ["ratio"] = Json.Round(Ratio),
        ["onnxForm"] = Form,
        ["nodesDense"] = Nodes.Dense,
        ["nodesPruned"] = Nodes.Pruned,
        ["rounds"] = Times[0].Length,
        ["milliseconds"] = new JsonObject(Contestants.Zip(Times, (name, times) => KeyValuePair.Create(name, (JsonNode?)Json.Of(Spread.Of(times))))),
        ["ourGain"] = Json.Of(OurGain),
        ["theirGain"] = Json.Of(TheirGain),
        ["ahead"] = Json.Of(Ahead),
    };

    Spread Over(int one, int other) => Spread.Of(Times[one].Zip(Times[other], (a, b) => a / b));
}
