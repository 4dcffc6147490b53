using System.CommandLine;
using Secateur.Models;
using Secateur.Models.Bert;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;
using Secateur.Onnx.Export;
using Secateur.Onnx.Runtime;
using Secateur.Onnx.Verify;

namespace Secateur.Cli.Commands.Exporting;

/// <summary>Writes a network as an ONNX file, the pruning inside, and checks it against our engine.</summary>
internal sealed class ExportCommand : ToolCommand
{
    readonly Argument<string> model = new("MODEL") { Description = "The network, pruned or not, of pictures or of texts: a checkpoint folder, a .safetensors or .onnx file, a hub name that was pulled, or the bundled scenes-vit." };
    readonly Option<string?> plan = CommonOptions.Plan();
    readonly ExportShape shape = new();
    readonly ExportData data = new();
    readonly Option<bool> decisions = new("--decisions") { Description = "Also give out which tokens stay, or which go together, at every place of the plan." };
    readonly Option<bool> external = new("--external-data") { Description = "Write the weights beside the file, as FILE.data, even where they would fit (2 GB)." };
    readonly Option<bool> noVerify = new("--no-verify") { Description = "Do not run the file in ONNX Runtime beside our engine." };
    readonly Option<bool> keep = new("--keep") { Description = "Keep the file even where it does not answer as our engine does." };
    readonly Option<string?> runtime = new("--runtime-path") { Description = "ONNX Runtime's library, or a folder that holds it. Default: looked for, see docs/onnx.md.", HelpName = "FILE|DIR" };
    readonly Option<int?> threads = CommonOptions.Threads();
    readonly Option<string> output = new("--output", "-o") { Description = "The ONNX file.", HelpName = "FILE.onnx", Required = true };
    readonly Option<bool> json = new("--json") { Description = "Write the answer as one JSON object." };

    /// <summary>The command.</summary>
    public ExportCommand()
        : base(
            "export",
            "Writes a network as an ONNX file that runs anywhere ONNX runs, token pruning inside the graph, and checks it in ONNX Runtime against our engine: exit code 1 where it answers otherwise.",
            "secateur export scenes-vit --plan zero-tprune -o pruned.onnx",
            "secateur export timm/deit_tiny_patch16_224.fb_in1k --plan plan.json --calibrate photographs/ --batch 1 -o deit.onnx",
            "secateur export scenes-vit --opset 21 --preprocess --no-verify -o dense.onnx",
            "secateur export ./bert-sst2 --sequence 128 --calibrate sst2/dev.tsv --json -o bert.onnx")
    {
        Add(model);
        foreach (Option option in (Option[])[plan, .. shape.All, decisions, external, .. data.All, noVerify, keep, runtime, threads, output, json])
            Add(option);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        string named = arguments.GetRequiredValue(model);
        bool checks = !arguments.GetValue(noVerify);
        if (!checks && data.Named(arguments) is { } beside)
            throw new UsageException($"--no-verify looks at nothing, so that {beside} means nothing; leave one of them out.");
        using var files = new ExportedFiles(arguments.GetRequiredValue(output));
        OnnxRuntimeLibrary? library = checks ? Library(arguments) : null;
        Transformer network = Load(arguments, named);

        // 1. Build.
        TokenPlan tokens = network is VisionTransformer vision ? Network.Plan(arguments.GetValue(plan), vision, terminal) : TokenPlan.Dense;
        OnnxExportOptions options = shape.Of(arguments) with { Decisions = arguments.GetValue(decisions) };
        OnnxModel exported = network is VisionTransformer pictures ? OnnxExport.Vision(pictures, tokens, options) : OnnxExport.Text((TextTransformer)network, options);

        // 2. Write to one side.
        string written = files.Save(exported, arguments.GetValue(external));

        // 3. Check what was written, and put it in its place.
        OnnxCheckResult? check = library is null ? null : Check(arguments, terminal, named, network, tokens, exported, written, library, cancellation);
        bool good = check?.Passed != false, kept = good || arguments.GetValue(keep);
        var result = new ExportResult(exported, network, tokens, check, check is null ? null : data.Name(arguments), kept ? files.Keep() : []);
        if (arguments.GetValue(json))
            terminal.Out.WriteLine(ExportReport.Json(result).ToJsonString());
        else
            ExportReport.Write(terminal.Out, result);
        foreach (string failure in check?.Failures ?? [])
            terminal.Say($"the answer is no: {failure}");
        if (!good)
            terminal.Say(kept ? $"{files.Path} was kept all the same (--keep)" : $"{files.Path} was not written (--keep writes it all the same)");
        return good ? ExitCode.Done : ExitCode.No;
    }

    Transformer Load(ParseResult arguments, string named)
    {
        Transformer network = shape.ImageSize(arguments) is { } size ? Network.Load(named, arguments.GetValue(threads), size) : Network.LoadAny(named, arguments.GetValue(threads));
        if (network is TextTransformer)
            CommonOptions.Refuse(arguments, named, "reads texts", [plan, decisions, .. shape.OfPictures]);
        else
            CommonOptions.Refuse(arguments, named, "looks at pictures", [.. shape.OfTexts, .. data.OfTexts]);
        return network;
    }

    OnnxCheckResult Check(
        ParseResult arguments, Terminal terminal, string named, Transformer network, TokenPlan tokens, OnnxModel exported, string written, OnnxRuntimeLibrary library, CancellationToken cancellation)
    {
        (OnnxRuntimeLibrary, OnnxSessionOptions) session = (library, new() { Threads = network.Threads.Count });
        if (network is VisionTransformer vision)
        {
            IReadOnlyList<(string, float[])> pictures = data.Pictures(arguments, vision, terminal);
            using var line = new ProgressLine(terminal, "pictures checked", pictures.Count);
            return OnnxCheck.Vision(written, exported, vision, tokens, pictures, session, line, cancellation);
        }

        IReadOnlyList<(string, Models.Text.TextTokens)> texts = data.Texts(arguments, named, (TextTransformer)network, terminal);
        using var progress = new ProgressLine(terminal, "texts checked", texts.Count);
        return OnnxCheck.Text(written, (TextTransformer)network, texts, session, progress, cancellation);
    }

    OnnxRuntimeLibrary Library(ParseResult arguments)
    {
        try
        {
            return OnnxRuntimeLibrary.Find(arguments.GetValue(runtime));
        }
        catch (OnnxRuntimeException e)
        {
            throw new BadInputException($"{e.Message} It checks what is written here; --no-verify does without.");
        }
    }
}
