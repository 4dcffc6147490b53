using System.Collections.Immutable;
using Secateur.Cli.Commands.Planning;
using Secateur.Compression.Structured;
using Secateur.Compression.Structured.Patches;
using Secateur.Compression.Tokens;
using Secateur.Evaluation.Datasets;
using Secateur.Evaluation.Planning;
using Secateur.Evaluation.Profiling;
using Secateur.Evaluation.Structured;
using Secateur.Evaluation.Timing;
using Secateur.Models;
using Secateur.Models.Checkpoints;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;

namespace Secateur.Cli.Commands.Pruning;

/// <summary>Prunes heads, neurons and tokens together: a pruned checkpoint and the token plan to run it under.</summary>
internal sealed class TauPrune(Terminal terminal, CancellationToken cancellation)
{
    /// <summary>The plan's file.</summary>
    public const string Plan = PrunedFiles.TokenPlan;

    /// <summary>Pictures on which splits are judged, at most and at least.</summary>
    const int MostJudged = 128, FewestJudged = 4;

    const int Timed = 8;

    /// <summary>Every how many blocks patches are scored: what lies between is known nearly (docs/methods/optin-tau.md); between patches it is not.</summary>
    const int BlockStep = 2;

    /// <summary>The token method.</summary>
    public required string Method { get; init; }

    /// <summary>Who scores, allocates and corrects.</summary>
    public required ChosenMethods Methods { get; init; }

    /// <summary>What may be spent.</summary>
    public required PruneBudget Budget { get; init; }

    /// <summary>Pictures that are scored with.</summary>
    public required int Samples { get; init; }

    /// <summary>The shares that heads and neurons may give up of the reduction.</summary>
    public required ImmutableArray<double> Shares { get; init; }

    /// <summary>Timed rounds; null for none.</summary>
    public required int? Rounds { get; init; }

    /// <summary>How numbers are kept.</summary>
    public required TensorType Type { get; init; }

    /// <summary>Whether the answer is one JSON object.</summary>
    public required bool Json { get; init; }

    /// <summary>Prunes, writes, looks at what came out, and says so.</summary>
    /// <param name="network">The network.</param>
    /// <param name="calibrate">More pictures than are scored with: the others judge.</param>
    /// <param name="check">Pictures that nobody looked at yet; null for none.</param>
    /// <param name="files">Where it goes; null for nowhere.</param>
    /// <returns>An exit code.</returns>
    public int Run(Transformer network, IExamples? calibrate, IExamples? check, PrunedFiles? files)
    {
        if (network is not VisionTransformer dense)
            throw new UsageException($"--tokens: {network.Architecture} is no network of pictures; leave it out.");
        TokenMethod method = TokenMethods.All.FirstOrDefault(one => one.Name == Method && PatchPlans.Executes(one))
            ?? throw new UsageException($"--tokens {Method}: expected a method that removes as many tokens as it is told: {string.Join(", ", TokenMethods.All.Where(PatchPlans.Executes).Select(one => one.Name))}.");
        var examples = calibrate as PictureExamples ?? throw new UsageException("say what the network is to be looked at with: --calibrate DATA.");
        IPictureSet pictures = examples.Pictures;
        HashSet<int> scored = [.. CalibrationData.Spread(pictures.Count, Samples)];
        int[] others = [.. Enumerable.Range(0, pictures.Count).Where(i => !scored.Contains(i))];
        if (others.Length < FewestJudged)
            throw new UsageException($"of {pictures.Name}, {scored.Count} are scored with and {others.Length} are left to judge by; name more pictures, or score with fewer (--samples).");

        // 1. Score heads, neurons and patches, and search for the split.
        int[] wanted = [.. CalibrationData.Spread(others.Length, MostJudged).Select(i => others[i])];
        PictureSample readable = PictureSample.Readable(pictures = new KeptPictures(pictures), wanted);
        if (readable.Count < wanted.Length)
            terminal.Say($"of {wanted.Length} pictures to judge by, {wanted.Length - readable.Count} are damaged and left out; secateur eval names them");
        if (readable.Count < FewestJudged)
            throw new BadInputException($"of {pictures.Name}, {readable.Count} pictures to judge by can be read; {FewestJudged} are needed.");
        var judged = new KeptPictures(readable);
        TauAnswer answer = Search(dense, examples, judged, method, out double whole);

        // 2. Keep: whatever happens from here on, network and plan are written.
        var pruned = (VisionTransformer)(files?.Save(answer.Network, answer.Structure, Type, terminal, cancellation) ?? answer.Network);
        Keep(null);
        files?.RequireSame(answer.Network, pruned, [.. CalibrationData.Spread(pictures.Count, Timed).Select(i => examples.Read([i])).Where(one => one.Count > 0)], Type, terminal);

        // 3. Look: what is executed is what was counted, and it is faster.
        var counter = new MacCounter(pruned, answer.Plan);
        float[] input = Read(judged, 0);
        pruned.Run(input, 1, new float[pruned.Classes], answer.Plan, counter, cancellation);
        if (counter.Total != answer.Best.Macs)
            throw new InvalidOperationException($"{counter.Total} multiply-adds are executed, and {answer.Best.Macs} were counted");
        NetworkTiming? timing = Rounds is { } rounds ? Time(dense, pruned, answer.Plan, judged, rounds) : null;
        PlanQuality? checkedOn = (check as PictureExamples)?.Pictures is { } unseen ? Check(dense, pruned, answer.Plan, unseen) : null;
        Keep(timing);
        files?.Describe(TauCard.Of(dense, pruned, answer, (long)whole, timing, checkedOn));

        // 4. Say.
        var sizes = new PruningCheck(new(NetworkSize.CountParameters(dense), whole), new(NetworkSize.CountParameters(pruned), answer.Best.Macs), timing);
        var report = new TauReport(terminal, answer, sizes, checkedOn, files?.Folder);
        return report.Write(Json) ? ExitCode.Done : ExitCode.No;

        void Keep(NetworkTiming? measured)
        {
            if (files is not null)
                TokenPlanFile.Save(answer.Plan with { Origin = Origin(pruned, answer, judged, measured, (long)whole) }, Path.Combine(files.Folder, Plan));
        }
    }

    /// <summary>On those that can be read; null where none can.</summary>
    PlanQuality? Check(VisionTransformer dense, VisionTransformer pruned, TokenPlan plan, IPictureSet unseen)
    {
        PictureSample readable = PictureSample.Readable(unseen, Enumerable.Range(0, unseen.Count));
        if (readable.Count < unseen.Count)
            terminal.Say($"of {unseen.Count} pictures to check with, {unseen.Count - readable.Count} are damaged and left out; secateur eval names them");
        return readable.Count == 0 ? null : new PlanJudge(dense, readable).Judge(pruned, plan, 0, readable.Count, cancellation);
    }

    TauAnswer Search(VisionTransformer dense, PictureExamples examples, KeptPictures judged, TokenMethod method, out double whole)
    {
        Calibration calibration = CalibrationData.Of(dense, examples, Samples);
        StructureCosts macs = CalibrationData.Macs(calibration);
        (double budget, whole) = (Budget.Of(macs), macs.Whole);
        double dearest = macs.Whole;
        UnitScores units;
        using (var progress = new PartProgress(terminal))
            units = Methods.Score.Score(calibration, new Step(progress), cancellation);
        PatchScores patches;
        using (var line = new ProgressLine(terminal, "scoring patches", Parts) { Percent = true })
            patches = new PatchScorer(new() { BlockStep = BlockStep }).Score(calibration, new Part(line), cancellation);
        using var splits = new ProgressLine(terminal, "splits", Shares.Length);
        return new TauSearch(new(dense, judged), Cut, patches, method).Run(dense, budget, Shares, splits, cancellation);

        (VisionTransformer Network, StructurePlan Structure) Cut(double structure)
        {
            PrunedNetwork cut = StructuredPruning.Prune(
                calibration, new() { Scorer = Methods.Score, Scores = units, Allocator = Methods.Allocate, Corrector = Methods.Correct, Costs = macs, Budget = structure }, cancellation: cancellation);
            StructurePlanOrigin origin = PruneChoice.Origin(dense, Methods, structure / dearest, $"{calibration.Lengths.Length} of {examples.Name}", macs.Of(cut.Plan), dearest);
            return ((VisionTransformer)cut.Network, cut.Plan with { Origin = origin });
        }
    }

    NetworkTiming Time(VisionTransformer dense, VisionTransformer pruned, TokenPlan plan, KeptPictures pictures, int rounds)
    {
        ImmutableArray<float[]> inputs = [.. CalibrationData.Spread(pictures.Count, Timed).Select(i => Read(pictures, i))];
        var logits = new float[dense.Classes];
        using var line = new ProgressLine(terminal, "rounds", rounds);
        return NetworkTimer.Measure(
            dense.Threads.Count,
            round => dense.Run(inputs[round % inputs.Length], 1, logits),
            round => pruned.Run(inputs[round % inputs.Length], 1, logits, plan),
            new() { Rounds = rounds },
            new TimedRounds(line),
            cancellation);
    }

    static float[] Read(KeptPictures pictures, int index)
    {
        var input = new float[pictures.InputLength];
        pictures.Read(index, input);
        return input;
    }

    static TokenPlanOrigin Origin(VisionTransformer pruned, TauAnswer answer, KeptPictures judged, NetworkTiming? timing, long whole)
    {
        DeviceFingerprint device = DeviceFingerprint.OfThisMachine();
        PlanQuality quality = answer.Best.Quality;
        return new()
        {
            Architecture = Cut(pruned.Config.Architecture),
            Weights = WeightsHash.Of(pruned),
            Tool = PlanOrigins.Tool,
            Macs = new(answer.Best.Macs, whole),
            Latency = timing is null ? null : new(1, pruned.Threads.Count, Cut(device.Processor), device.Hash) { Measured = timing.Smaller.P50, Dense = timing.Dense.P50 },
            Quality = new(Cut(judged.Name), quality.Images, quality.Agreement.Part) { Accuracy = quality.Accuracy?.Part, DenseAccuracy = quality.DenseAccuracy?.Part },
        };
    }

    // As long as a plan's texts may be.
    static string Cut(string text) => text.Length <= 200 ? text : text[..200];

    const int Parts = 1000;

    sealed class Step(PartProgress progress) : IProgress<double>
    {
        public void Report(double value) => progress.Report(new(PruningStep.Score, value));
    }

    sealed class Part(ProgressLine line) : IProgress<double>
    {
        public void Report(double value) => line.Report((int)(value * Parts));
    }
}
