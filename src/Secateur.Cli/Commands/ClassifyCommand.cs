using System.CommandLine;
using Secateur.Kernels;
using Secateur.Models.Checkpoints;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;

namespace Secateur.Cli.Commands;

/// <summary>Says what is in pictures, with any vision transformer.</summary>
internal sealed class ClassifyCommand : ToolCommand
{
    readonly Option<string> model = CommonOptions.Model();
    readonly Argument<string[]> images = new("IMAGE")
    {
        Description = "JPEG and PNG files; a folder stands for all of them in it and below it, sorted.",
        Arity = ArgumentArity.OneOrMore,
    };

    readonly Option<int?> top = new("--top", "-k") { Description = "How many classes to show. Default: 5.", HelpName = "K" };
    readonly Option<string?> plan = CommonOptions.Plan();
    readonly Option<bool> json = new("--json") { Description = "One JSON object a line: file, top (index, label, probability), milliseconds, macs, tokens." };
    readonly Option<string?> logits = new("--logits") { Description = "Also keep the raw answers: the tensor 'logits' [pictures, classes], in order.", HelpName = "FILE.safetensors" };
    readonly Option<string?> classes = new("--classes") { Description = "Names of the classes, one a line. Default: those of the checkpoint.", HelpName = "FILE" };
    readonly Option<int?> batch = new("--batch", "-b") { Description = "Pictures that run at once. Default: 1.", HelpName = "N" };
    readonly Option<int?> threads = CommonOptions.Threads();
    readonly PreprocessingOptions preprocessing = new();

    /// <summary>The command.</summary>
    public ClassifyCommand()
        : base(
            "classify",
            "Says what is in pictures, with any vision transformer in the layout of timm, Hugging Face or torchvision.",
            "secateur classify --model timm/deit_tiny_patch16_224.fb_in1k cat.jpg dog.png",
            "secateur classify --model ./deit --plan zero-tprune --json photographs/")
    {
        CommonOptions.AtLeast(top, 1);
        CommonOptions.AtLeast(batch, 1);
        Add(images);
        foreach (Option option in (Option[])[model, top, plan, json, logits, classes, batch, threads, .. preprocessing.All])
            Add(option);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        IReadOnlyList<string> files = ImageList.Expand(arguments.GetRequiredValue(images));
        VisionTransformer network = Network.Load(arguments.GetRequiredValue(model), arguments.GetValue(threads));
        TokenPlan tokens = Network.Plan(arguments.GetValue(plan), network, terminal);
        ImagePreprocessing rules = preprocessing.Apply(arguments, network.Config.Preprocessing with { Size = network.ImageSize });
        IReadOnlyList<string> names = Names(arguments.GetValue(classes), network);
        string? keep = arguments.GetValue(logits);
        bool hasClassifier = network.OuterMacs.Head > 0;
        if (!hasClassifier && keep is null)
            throw new UsageException($"{network.Config.Architecture} has no classifier; keep its features with --logits FILE.safetensors.");

        ClassificationWriter writer = ClassificationWriter.For(terminal, arguments.GetValue(json));
        var run = new ClassifierRun(network, tokens, rules, arguments.GetValue(batch) ?? 1, keepLogits: keep is not null);
        List<double> times = [];
        using (var progress = new ProgressLine(terminal, "pictures", files.Count))
        {
            foreach (ClassifierRun.Answer answer in run.Over(files, e => terminal.Say($"skipped: {e.Message}"), progress, cancellation))
            {
                times.Add(answer.Milliseconds);
                if (hasClassifier)
                {
                    progress.Dispose();
                    writer.Write(new(answer.File, Classification.Likeliest(answer.Probabilities, arguments.GetValue(top) ?? 5, names), answer.Milliseconds, answer.Macs, answer.Tokens));
                }
            }
        }

        if (keep is not null)
            Keep(keep, run, network.Classes, tokens, cancellation);
        Summarise(terminal, times, files.Count, tokens, arguments.GetValue(threads));
        return times.Count == files.Count ? ExitCode.Done : ExitCode.BadInput;
    }

    static void Keep(string file, ClassifierRun run, int classes, TokenPlan plan, CancellationToken cancellation) => SafetensorsWriter.Write(
        file, [OutputTensor.Of("logits", [run.Logits.Count / classes, classes], run.Logits.ToArray())], new Dictionary<string, string> { ["plan"] = plan.Name }, cancellation);

    static void Summarise(Terminal terminal, List<double> times, int wanted, TokenPlan plan, int? threads)
    {
        if (wanted == 1 && times.Count == 1)
            return;
        times.Sort();
        string median = times.Count == 0 ? "" : $", median {times[times.Count / 2]:0.0} ms each (the network alone, {threads ?? Environment.ProcessorCount} threads, {KernelSet.Default.Name}-bit registers, plan {plan.Name})";
        terminal.Say($"{times.Count} of {wanted} pictures{median}");
    }

    static IReadOnlyList<string> Names(string? file, VisionTransformer network)
    {
        if (file is null)
            return network.Config.Labels;
        string[] lines = File.ReadAllLines(file);
        return lines.Length == network.Classes
            ? lines
            : throw new BadInputException($"{file}: there are {lines.Length} lines, and {network.Config.Architecture} has {network.Classes} classes; it takes one name a line, in the order of the classes.");
    }
}
