using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json.Nodes;
using Secateur.Evaluation.Datasets;
using Secateur.Evaluation.Sweeps;
using Secateur.Models.Vit;

namespace Secateur.Cli.Commands.Sweeps;

/// <summary>Measures methods at budgets with seeds on pictures, and goes on where it was stopped.</summary>
internal sealed class SweepCommand : ToolCommand
{
    const string DefaultOutput = "results";
    const int DefaultBatch = 8;

    readonly Argument<string> model = new("MODEL") { Description = "The network: a checkpoint folder, a .safetensors or .onnx file, a hub name that was pulled, or the bundled scenes-vit." };
    readonly DataOptions data = new();
    readonly SweepOptions sweep = new();
    readonly Option<int?> batch = new("--batch", "-b") { Description = $"Pictures that run at once on a thread. Default: {DefaultBatch}.", HelpName = "N" };
    readonly Option<int?> threads = CommonOptions.Threads();
    readonly Option<string?> output = new("--output", "-o") { Description = $"Where the results go; a sweep that was stopped goes on there. Default: {DefaultOutput}.", HelpName = "DIR" };
    readonly LatencyOptions latency = new();
    readonly ShardOptions shards = new();
    readonly JobOptions jobs = new();
    readonly Option<bool> json = new("--json") { Description = "Write the results as one JSON object." };

    /// <summary>The command.</summary>
    public SweepCommand()
        : base(
            "sweep",
            "Measures token methods, each brought to several budgets of multiply-adds, against the dense network on the same pictures. Stopped or killed, the same command goes on.",
            "secateur sweep scenes-vit --data scenes:1000 --methods tome,evit,zero-tprune --budgets 0.9,0.8,0.7 -o results",
            "secateur sweep scenes-vit --data scenes:1000 --methods random-drop --budgets 0.7 --seeds 0,1,2 -o results --shard 2/8",
            "secateur sweep ./deit --data photographs/ --methods tome,evit --budgets 0.8,0.6 --threads 8 -o /shared/results --shards 16 --emit slurm",
            "secateur sweep ./deit --data photographs/ --methods all --budgets 0.8,0.6 --latency -o results --json")
    {
        CommonOptions.AtLeast(batch, 1);
        Add(model);
        sweep.AddTo(this);
        foreach (Option option in (Option[])[.. data.All, batch, threads, output, .. latency.All])
            Add(option);
        shards.AddTo(this);
        foreach (Option option in (Option[])[.. jobs.All, json])
            Add(option);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        SweepSpec spec = sweep.Read(arguments);
        if (jobs.Write(arguments, shards.Count(arguments), arguments.GetValue(threads), arguments.GetValue(output), terminal))
            return ExitCode.Done;
        Shard shard = shards.Find(arguments, Environment.GetEnvironmentVariable, terminal);
        latency.RequireWhole(arguments, shard);
        string named = arguments.GetRequiredValue(model);
        VisionTransformer network = Network.Load(named, arguments.GetValue(threads));
        int size = arguments.GetValue(batch) ?? DefaultBatch;
        Network.RequireBatch(network, size);
        PictureSet pictures = data.Open(arguments, network, terminal);
        var folder = new ResultsFolder(arguments.GetValue(output) ?? DefaultOutput);
        try
        {
            (ResultsManifest manifest, ImmutableArray<SweepCell> cells, ImmutableArray<SweepPoint> beyond) = Plan(network, pictures, ResultsManifest.Of(network, pictures, size, named, data.Named(arguments)) with { DataOptions = data.Words(arguments) }, folder, spec, terminal, cancellation);
            foreach (SweepPoint point in beyond)
                terminal.Say($"{point.Method.Name} cannot be brought to {point.Budget:0.######} of the dense multiply-adds on this network; it is left out there");
            var run = new CellRun(network, pictures, manifest, folder, shard) { MostBad = data.MostBad(arguments, pictures.Count), OnBad = bad => terminal.Say($"left out: {bad.Why}") };
            Measure(cells, run, terminal, cancellation);
            latency.Measure(arguments, network, pictures, manifest, cells, folder, terminal, cancellation);
            if (shard.IsWhole)
                Write(new(manifest, folder), beyond, arguments, terminal);
            else
                WritePart(shard, cells, beyond, folder, arguments, terminal);
            return ExitCode.Done;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            terminal.Say($"cancelled; what was measured is in {folder.Path}, and the same command goes on from there");
            return ExitCode.Cancelled;
        }
    }

    static (ResultsManifest Manifest, ImmutableArray<SweepCell> Cells, ImmutableArray<SweepPoint> Beyond) Plan(
        VisionTransformer network, PictureSet pictures, ResultsManifest manifest, ResultsFolder folder, SweepSpec spec, Terminal terminal, CancellationToken cancellation)
    {
        using var line = new ProgressLine(terminal, "plans", spec.Points.Count());
        return new SweepPlans(network, pictures, manifest, folder).Prepare(spec, line, terminal.Say, cancellation);
    }

    static void Measure(ImmutableArray<SweepCell> cells, CellRun run, Terminal terminal, CancellationToken cancellation)
    {
        SweepCell[] left = [.. cells.Where(cell => run.Known(cell) is null)];
        if (left.Length < cells.Length)
            terminal.Say($"{cells.Length - left.Length} of {cells.Length} cells are done already");
        using var line = new ProgressLine(terminal, "pictures", left.Length * run.Range.Count);
        for (int i = 0; i < left.Length; i++)
            run.Run(left[i], new After(line, i * run.Range.Count), cancellation);
    }

    void Write(SweepTable table, ImmutableArray<SweepPoint> beyond, ParseResult arguments, Terminal terminal)
    {
        if (arguments.GetValue(json))
            terminal.Out.WriteLine(table.Json(beyond).ToJsonString());
        else
            table.Show(terminal);
    }

    void WritePart(Shard shard, ImmutableArray<SweepCell> cells, ImmutableArray<SweepPoint> beyond, ResultsFolder folder, ParseResult arguments, Terminal terminal)
    {
        if (arguments.GetValue(json))
            terminal.Out.WriteLine(new JsonObject
            {
                ["shard"] = $"{shard.Index}/{shard.Of}",
                ["cells"] = new JsonArray([.. cells.Select(cell => (JsonNode)cell.Name)]),
                ["beyond"] = new JsonArray([.. beyond.Select(point => (JsonNode)point.Name)]),
            }.ToJsonString());
        terminal.Say($"part {shard.Index} of {shard.Of} is done; when all are: secateur merge {folder.Path}");
    }

    /// <summary>Counts on after cells that are done.</summary>
    sealed class After(ProgressLine line, int before) : IProgress<int>
    {
        public void Report(int value) => line.Report(before + value);
    }
}
