using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Secateur.Cli.Commands.Runtimes;
using Secateur.Evaluation.Datasets;
using Secateur.Evaluation.Timing;
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

    readonly Option<string> batch = new("--batch", "-b") { Description = "Pictures in a run; several sizes with commas between. Default: 1.", HelpName = "N[,N...]", DefaultValueFactory = _ => "1" };
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
            "Times plans in turn with the dense network: percentiles, pictures a second, the speedup with its interval or \"no difference\", multiply-adds, and where the time goes.",
            "secateur bench scenes-vit --plan zero-tprune",
            "secateur bench scenes-vit --plan tome --plan evit --batch 1,8 --threads 2",
            "secateur bench scenes-vit --plan zero-tprune --seconds 20 --require-faster 1.2x -o timing.json --json",
            "secateur bench scenes-vit --plan zero-tprune --runtime onnxruntime --batch 1,8")
    {
        CommonOptions.AtLeast(rounds, 1);
        batch.Validators.Add(result =>
        {
            if (result.Tokens is [var word] && ProfileCommand.Sizes(word.Value) is null)
                result.AddError($"--batch must be sizes from 1 with commas between, each once (1,8), not {word.Value}.");
        });
        seconds.Validators.Add(result =>
        {
            if (result.Tokens is [var word] && double.TryParse(word.Value, out double value) && value is not (> 0 and < 1e9))
                result.AddError($"--seconds must be above 0, not {word.Value}.");
        });
        require.Validators.Add(result =>
        {
            if (result.Tokens is [var word] && Factor(word.Value) is null)
                result.AddError($"--require-faster must be a factor from 1, such as 1.2x, not {word.Value}.");
        });
        Add(model);
        foreach (Option option in (Option[])[data, plans, batch, threads, rounds, seconds, require, output, json])
            Add(option);
        runtime.AddTo(this);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        TimingOptions options = HowLong(arguments);
        VisionTransformer network = Network.Load(arguments.GetRequiredValue(model), arguments.GetValue(threads));
        ImmutableArray<int> sizes = ProfileCommand.Sizes(arguments.GetRequiredValue(batch))!.Value;
        Network.RequireBatch(network, sizes.Max());
        string[] named = arguments.GetValue(plans) ?? [];
        double? required = arguments.GetValue(require) is { } factor ? Factor(factor) : null;
        if (required is not null && named.Length == 0)
            throw new UsageException("--require-faster says how much faster a plan must be than dense; name the plan with --plan.");
        ImmutableArray<TokenPlan> asked = [.. named.Select(name => Network.Plan(name, network, terminal))];
        var files = new TimingFiles(arguments.GetValue(output), asked, sizes);
        IPictureSet pictures = Pictures(arguments.GetValue(data), network, asked, sizes.Max(), terminal);

        if (runtime.Of(arguments) is { } other)
        {
            if (arguments.GetValue(output) is not null)
                throw new UsageException("--output keeps timings of secateur's own engine alone; leave it out, and keep what --json says.");
            RuntimeBench.RequireGraphs(asked);
            ImmutableArray<RuntimeSeries> series = RuntimeBench.Measure(network, other, pictures, asked, sizes, options, terminal, cancellation);
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
