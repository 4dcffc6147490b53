using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Secateur.Cli.Commands.Runtimes;
using Secateur.Evaluation.Datasets;
using Secateur.Evaluation.Structured;
using Secateur.Evaluation.Timing;
using Secateur.Kernels;
using Secateur.Models;
using Secateur.Models.Bert;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;

namespace Secateur.Cli.Commands.Timing;

/// <summary>Times plans in turn with the dense network and says what is faster, by how much, and how sure that is.</summary>
internal sealed class BenchCommand : ToolCommand
{
    const int NoiseBatches = 4, MostNoise = 64;

    readonly Argument<string> model = new("MODEL") { Description = "The network: a checkpoint folder, a .safetensors or .onnx file, a hub name that was pulled, or the bundled scenes-vit." };
    readonly Option<string?> data = new("--data", "-d")
    {
        Description = "Pictures to time on, as secateur eval takes them; plans that keep as many tokens as the picture wants need real ones. Default: drawn scenes for scenes-vit, noise for others.",
        HelpName = "PATH|scenes[:COUNT]",
    };

    readonly Option<string[]> plans = new("--plan", "-p")
    {
        Description = "A plan to time: its name (secateur plans lists them) or a plan file (.json). May be given several times; all are timed in one series. Default: dense alone.",
        HelpName = "NAME|FILE",
    };

    readonly Option<string?> against = new("--against")
    {
        Description = "Another network that takes the same pictures or texts: both are timed in turn, dense.",
        HelpName = "DIR|FILE|NAME",
    };

    readonly BatchSizes batch = new();
    readonly Option<int?> threads = CommonOptions.Threads();
    readonly Option<int?> rounds = new("--rounds") { Description = "Rounds that count, at each batch size. Default: 100.", HelpName = "N" };
    readonly Option<double?> seconds = new("--seconds") { Description = "As many rounds as fit into this long instead, at each batch size.", HelpName = "S" };
    readonly Option<string?> require = new("--require-faster") { Description = "Exit 1 unless every plan is this much faster than dense, with 95% confidence.", HelpName = "1.2x" };
    readonly Option<string?> output = new("--output", "-o") { Description = "Keep the timings: a file (.json) for one plan at one batch size, a folder for several.", HelpName = "FILE|DIR" };
    readonly RuntimeOptions runtime = new("What is timed in turn with this program's engine: nothing else, or ONNX Runtime on exported graphs, dense and under the same plans.");
    readonly Option<bool> json = new("--json") { Description = "Write everything as one JSON object." };

    /// <summary>The command.</summary>
    public BenchCommand()
        : base(
            "bench",
            "Times plans, or another network, in turn with the dense network: percentiles, pictures a second, the speedup with its interval or \"no difference\", multiply-adds, and where the time goes.",
            "secateur bench scenes-vit --plan zero-tprune",
            "secateur bench scenes-vit --plan tome --plan evit --batch 1,8 --threads 2",
            "secateur bench scenes-vit --plan zero-tprune --seconds 20 --require-faster 1.2x -o timing.json --json",
            "secateur bench scenes-vit --against pruned --batch 1,8",
            "secateur bench scenes-vit --plan zero-tprune --runtime onnxruntime --batch 1,8")
    {
        CommonOptions.AtLeast(rounds, 1);
        CommonOptions.AboveZero(seconds);
        require.Validators.Add(result =>
        {
            if (result.Tokens is [var word] && Factor(word.Value) is null)
                result.AddError($"--require-faster must be a factor from 1, such as 1.2x, not {word.Value}.");
        });
        Add(model);
        foreach (Option option in (Option[])[data, plans, against, batch, threads, rounds, seconds, require, output, .. runtime.All, json])
            Add(option);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        TimingOptions options = HowLong(arguments);
        if (arguments.GetValue(against) is { } other)
            return Against(arguments, other, options, terminal, cancellation);
        VisionTransformer network = Network.Load(arguments.GetRequiredValue(model), arguments.GetValue(threads));
        ImmutableArray<int> sizes = batch.Of(arguments);
        Network.RequireBatch(network, sizes.Max());
        string[] named = arguments.GetValue(plans) ?? [];
        double? required = arguments.GetValue(require) is { } factor ? Factor(factor) : null;
        if (required is not null && named.Length == 0)
            throw new UsageException("--require-faster says how much faster a plan must be than dense; name the plan with --plan.");
        ImmutableArray<TokenPlan> asked = [.. named.Select(name => Network.Plan(name, network, terminal))];
        var files = new TimingFiles(arguments.GetValue(output), asked, sizes);
        IPictureSet pictures = Pictures(arguments.GetValue(data), network, asked, sizes.Max(), terminal);

        if (runtime.Of(arguments) is { } served)
        {
            if (arguments.GetValue(output) is not null)
                throw new UsageException("--output keeps timings of secateur's own engine alone; leave it out, and keep what --json says.");
            RuntimeBench.RequireGraphs(asked);
            ImmutableArray<RuntimeSeries> series = RuntimeBench.Measure(network, served, pictures, asked, sizes, options, terminal, cancellation);
            bool? fast = required is { } wanted && !cancellation.IsCancellationRequested ? RuntimeBench.Enough(series, wanted) : null;
            new RuntimeReport(terminal, network, pictures.Name, series, required, fast).Write(arguments.GetValue(json));
            return Done(fast, terminal, cancellation);
        }

        var cells = ImmutableArray.CreateBuilder<TimedPlan>();
        foreach (int size in sizes)
        {
            cells.AddRange(Measure(network, pictures, asked, size, options, terminal, cancellation));
            if (cancellation.IsCancellationRequested)
                break;
        }

        foreach (string file in files.Save(cells))
            terminal.Say($"written to {file}");
        bool? answer = required is { } least && !cancellation.IsCancellationRequested ? cells.All(cell => cell.Timing.Faster && cell.Timing.Speedup.Low >= least) : null;
        var report = new BenchReport(terminal, network, pictures.Name, cells.ToImmutable(), required, answer);
        report.Write(arguments.GetValue(json));
        return Done(answer, terminal, cancellation);
    }

    int Against(ParseResult arguments, string other, TimingOptions options, Terminal terminal, CancellationToken cancellation)
    {
        CommonOptions.Refuse(arguments, "--against", "times two dense networks in this program's engine", [plans, output, .. runtime.All]);
        string named = arguments.GetRequiredValue(model);
        using Threads? own = arguments.GetValue(threads) is { } count ? new(count) : null;
        Transformer dense = Network.LoadAny(Network.Locate(named), own), smaller = Network.LoadAny(Network.Locate(other), own);
        NetworkBench.RequireSameInput(named, dense, other, smaller);
        ImmutableArray<int> sizes = batch.Of(arguments);
        if (dense is VisionTransformer vision)
            Network.RequireBatch(vision, sizes.Max());
        NetworkBench bench = NetworkBench.Measure(dense, smaller, Shown(arguments.GetValue(data), named, dense, sizes.Max(), terminal), sizes, options, terminal, cancellation);
        double? required = arguments.GetValue(require) is { } factor ? Factor(factor) : null;
        new NetworkBenchReport(terminal, bench, (named, other)).Write(arguments.GetValue(json), required);
        return required is { } least && !bench.Enough(least) ? ExitCode.No : ExitCode.Done;
    }

    static IExamples Shown(string? named, string model, Transformer network, int most, Terminal terminal)
    {
        if (network is not TextTransformer texts)
            return new PictureExamples(Pictures(named, (VisionTransformer)network, [], most, terminal));
        if (named is not null)
            return TextExamples.Of(DataOptions.OpenTexts(named, PictureSources.NoLabels, null, "100%", texts, new(), terminal), Network.TokenizerOf(model), texts);
        terminal.Say("timed on random words; --data TABLE.tsv times on texts");
        return TextExamples.Noise(texts, Math.Clamp(NoiseBatches * most, 1, MostNoise));
    }

    static int Done(bool? answer, Terminal terminal, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
        {
            terminal.Say("cancelled; this is what was measured until then");
            return ExitCode.Cancelled;
        }

        return answer is false ? ExitCode.No : ExitCode.Done;
    }

    /// <summary>"1.2x" or "1.2" as a number; null for what is none from 1 on.</summary>
    static double? Factor(string text) =>
        double.TryParse(text.EndsWith('x') ? text[..^1] : text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value) && value is >= 1 and < 1000 ? value : null;

    static ImmutableArray<TimedPlan> Measure(
        VisionTransformer network, IPictureSet pictures, ImmutableArray<TokenPlan> asked, int size, TimingOptions options, Terminal terminal, CancellationToken cancellation)
    {
        var timer = new PlanTimer(network, pictures, size, options);
        ImmutableArray<TokenPlan> all = asked.IsEmpty ? [TokenPlan.Dense] : asked;
        (double Blocks, double Selection, double Executed)[] macs = [.. all.Select(plan => timer.CountMacs(plan, cancellation))];
        using var line = new ProgressLine(terminal, $"rounds at batch {size}", 0);
        ImmutableArray<PlanTiming> timings = timer.Measure(all, new TimedRounds(line), cancellation);
        return [.. timings.Select((timing, i) => new TimedPlan(timing, macs[i].Blocks, macs[i].Selection, macs[i].Executed, all[i].Stages.IsEmpty))];
    }

    TimingOptions HowLong(ParseResult arguments)
    {
        if (arguments.GetValue(rounds) is not null && arguments.GetValue(seconds) is not null)
            throw new UsageException("--rounds counts rounds, --seconds lets as many run as fit; choose one.");
        var options = new TimingOptions { Seconds = arguments.GetValue(seconds) };
        return options with { Rounds = arguments.GetValue(rounds) ?? options.Rounds };
    }

    static IPictureSet Pictures(string? named, VisionTransformer network, ImmutableArray<TokenPlan> asked, int most, Terminal terminal)
    {
        if (named is null && network.Config.Labels.SequenceEqual(SceneGenerator.Classes))
            named = DataOptions.Scenes;
        if (named is not null)
            return DataOptions.Open(named, PictureSources.NoLabels, null, network, network.Config.Preprocessing, terminal);
        if (asked.FirstOrDefault(plan => plan.Adaptive) is { } adaptive)
            throw new UsageException($"{adaptive.Name} keeps as many tokens as the picture wants, so that it can only be timed on pictures that are like yours: --data DIR, a folder of JPEG and PNG files.");
        terminal.Say("timed on noise, which is fair to plans that keep the same number of tokens of every picture; --data DIR times on pictures");
        return new NoisePictures(network, Math.Clamp(NoiseBatches * most, 1, MostNoise));
    }
}
