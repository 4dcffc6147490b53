using System.CommandLine;
using System.Text;
using Secateur.Cli.Commands.Runtimes;
using Secateur.Evaluation.Profiling;
using Secateur.Models.Checkpoints;
using Secateur.Models.Vit;
using Secateur.Onnx.Serving;

namespace Secateur.Cli.Commands;

/// <summary>Measures how long a network takes on this machine against the number of tokens, and draws it.</summary>
internal sealed class ProfileCommand : ToolCommand
{
    readonly Argument<string?> named = new("MODEL") { Description = "The network, as --model takes it.", Arity = ArgumentArity.ZeroOrOne };
    readonly Option<string> model = CommonOptions.Model();
    readonly BatchSizes batch = new();
    readonly Option<int?> threads = CommonOptions.Threads();
    readonly Option<string> output = new("--output", "-o")
    {
        Description = "Where to write the profile: a file (.json), or a folder for profile.json. One that was stopped is gone on with.",
        HelpName = "FILE|DIR",
        DefaultValueFactory = _ => "profile.json",
    };

    readonly Option<string?> svg = new("--svg") { Description = "Where to draw it. Default: beside the profile, with the ending .svg.", HelpName = "FILE.svg" };
    readonly Option<bool> full = new("--full") { Description = "Measure every number of tokens. Default: a coarse grid, and every number around what may be a step." };
    readonly Option<int?> stride = new("--stride") { Description = "Measure every Nth number of tokens instead.", HelpName = "N" };
    readonly Option<int?> from = new("--from") { Description = "The fewest tokens, prefix included. Default: one patch.", HelpName = "N" };
    readonly Option<int?> to = new("--to") { Description = "The most tokens. Default: all.", HelpName = "N" };
    readonly Option<int?> rounds = new("--rounds") { Description = "Runs at each number of tokens, at most; fewer where their median is sure. Default: 30.", HelpName = "N" };
    readonly Option<double?> seconds = new("--seconds") { Description = "Timed runs stop after this long in all; each number of tokens runs once at least. Default: no limit.", HelpName = "S" };
    readonly Option<bool> widths = new("--widths") { Description = "Measure too what blocks take with fewer heads and neurons, for pruning to a latency; adds to a profile that lacks it." };
    readonly RuntimeOptions runtime = new("What is measured: this program's engine, or ONNX Runtime through an exported graph of each number of tokens.");
    readonly Option<bool> force = new("--force") { Description = "Measure again even where there is a profile already, and replace it." };
    readonly Option<bool> json = new("--json") { Description = "Write the summary as one JSON object." };

    /// <summary>The command.</summary>
    public ProfileCommand()
        : base(
            "profile",
            "Measures how long a network takes on this machine against the number of tokens, whole and block by block, finds steps, and writes profile.json and profile.svg.",
            "secateur profile scenes-vit",
            "secateur profile scenes-vit --batch 1,4 --threads 2 -o profile.json",
            "secateur profile scenes-vit --widths --seconds 60",
            "secateur profile scenes-vit --full --rounds 60 -o profiles/ --json",
            "secateur profile scenes-vit --runtime onnxruntime --seconds 30 -o onnxruntime.json")
    {
        model.Required = false;
        foreach (Option<int?> option in (Option<int?>[])[stride, from, to, rounds])
            CommonOptions.AtLeast(option, 1);
        CommonOptions.AboveZero(seconds);
        Add(named);
        foreach (Option option in (Option[])[model, batch, threads, output, svg, full, stride, from, to, rounds, seconds, widths, force, .. runtime.All, json])
            Add(option);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        (string path, string picture) = Paths(arguments);
        VisionTransformer network = Network.Load(Model(arguments), arguments.GetValue(threads));
        Network.RequireBatch(network, batch.Of(arguments).Max());
        var other = runtime.Of(arguments);
        if (other is not null && arguments.GetValue(widths))
            throw new UsageException("--widths is measured in secateur's own engine alone; leave it out, or leave out --runtime.");
        using OnnxRuntimeLatency? elsewhere = other is { } served ? new(network, served.Library, served.Provider) : null;
        ILatencySource source = elsewhere is null ? new EngineLatency(network) : elsewhere;
        using var line = new ProgressLine(terminal, "runs", 0);
        LatencyProfile? earlier = arguments.GetValue(force) || !File.Exists(path) ? null : LatencyProfileFile.Load(path);

        // Where tokens and widths are both measured now, each has half of the time.
        double? time = arguments.GetValue(seconds) / (arguments.GetValue(widths) && earlier is not { Finished: true } ? 2 : 1);
        Profiler profiler = Profiler(source, arguments, time, profile => Save(profile, path, picture), line);
        if (earlier is not null && profiler.WhyNot(earlier) is { } reason)
            throw new BadInputException($"{path} holds another profile: {reason}. Name another file with --output, or replace it with --force.");
        bool lacksWidths = arguments.GetValue(widths) && earlier?.Batches.All(one => one.Widths is not null) != true;
        if (earlier is { Finished: true } && !lacksWidths)
        {
            Save(earlier, path, picture);
            terminal.Say($"{path} was finished before; this is what it says. --force measures it again");
            new ProfileSummary(earlier, path, picture).Write(terminal, arguments.GetValue(json));
            return ExitCode.Done;
        }

        if (earlier is { Finished: false })
            terminal.Say($"{path} was stopped after {earlier.Batches.Sum(one => one.Samples.Length)} runs; going on");
        LatencyProfile profile;
        try
        {
            profile = earlier is { Finished: true } ? earlier : profiler.Run(earlier, cancellation);
            if (lacksWidths)
            {
                Save(profile, path, picture);
                profile = WithWidths(profile, network, arguments, time, profile => Save(profile, path, picture), line, cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            line.Dispose();
            terminal.Say($"cancelled; what was measured is in {path}, and the same command goes on from there");
            return ExitCode.Cancelled;
        }

        line.Dispose();
        Save(profile, path, picture);
        terminal.Say($"written to {path} and {picture}");
        new ProfileSummary(LatencyProfileFile.Load(path), path, picture).Write(terminal, arguments.GetValue(json));
        return ExitCode.Done;
    }

    LatencyProfile WithWidths(
        LatencyProfile profile, VisionTransformer network, ParseResult arguments, double? time, Action<LatencyProfile> save, ProgressLine line, CancellationToken cancellation)
    {
        var options = new ProfilerOptions { Seconds = time / profile.Batches.Count(one => one.Widths is null) };
        var profiler = new WidthProfiler(new EngineWidths(network), options with { Rounds = arguments.GetValue(rounds) ?? options.Rounds }, new ProfilerLine(line));
        for (int i = 0; i < profile.Batches.Length; i++)
            if (profile.Batches[i] is { Widths: null } lacking)
                save(profile = profile with { Batches = profile.Batches.SetItem(i, lacking with { Widths = profiler.Run(lacking.Batch, cancellation) }) });
        return profile;
    }

    static void Save(LatencyProfile profile, string path, string picture)
    {
        LatencyProfileFile.Save(profile, path);
        AtomicFile.Write(picture, stream => stream.Write(Encoding.UTF8.GetBytes(ProfilePicture.Draw(profile))));
    }

    string Model(ParseResult arguments) => (arguments.GetValue(named), arguments.GetValue(model)) switch
    {
        (null, null) => throw new UsageException("say which network to profile: secateur profile scenes-vit"),
        ({ } one, { } other) when one != other => throw new UsageException($"two networks are named, {one} and {other}; name one."),
        var (one, other) => (one ?? other)!,
    };

    (string Profile, string Picture) Paths(ParseResult arguments)
    {
        string path = arguments.GetRequiredValue(output);
        if (Directory.Exists(path) || Path.EndsInDirectorySeparator(path))
            path = Path.Combine(path, "profile.json");
        string picture = arguments.GetValue(svg) ?? Path.ChangeExtension(path, ".svg");
        return Path.GetFullPath(picture) != Path.GetFullPath(path)
            ? (path, picture)
            : throw new UsageException($"the profile and its picture would both be {path}; end --output with .json, or name another --svg.");
    }

    Profiler Profiler(ILatencySource source, ParseResult arguments, double? time, Action<LatencyProfile> save, ProgressLine line)
    {
        if (arguments.GetValue(full) && arguments.GetValue(stride) is > 1)
            throw new UsageException("--full measures every number of tokens, --stride only some; choose one.");
        var options = new ProfilerOptions
        {
            Batches = batch.Of(arguments),
            Stride = arguments.GetValue(full) ? 1 : arguments.GetValue(stride),
            From = arguments.GetValue(from),
            To = arguments.GetValue(to),
            Seconds = time,
        };
        try
        {
            return new(source, options with { Rounds = arguments.GetValue(rounds) ?? options.Rounds }, save, new ProfilerLine(line));
        }
        catch (ArgumentException e)
        {
            throw new UsageException(e.Message);
        }
    }
}
