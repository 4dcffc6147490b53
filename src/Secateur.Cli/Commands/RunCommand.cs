using System.CommandLine;
using Secateur.Models.Checkpoints;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;

namespace Secateur.Cli.Commands;

/// <summary>Runs ready tensors, and traces: the door for anyone who checks this engine against another one.</summary>
internal sealed class RunCommand : ToolCommand
{
    readonly Option<string> model = CommonOptions.Model();
    readonly Option<string> input = new("--input", "-i")
    {
        Description = "A safetensors file with the tensor 'input' (or only one tensor): normalised pictures [batch, channels, height, width].",
        HelpName = "X.safetensors",
        Required = true,
    };

    readonly Option<string> output = new("--output", "-o")
    {
        Description = "Where to write: 'logits' [batch, classes], and the trace.",
        HelpName = "Y.safetensors",
        Required = true,
    };

    readonly Option<string?> plan = CommonOptions.Plan();
    readonly Option<bool> trace = new("--trace")
    {
        Description = "Also write the tokens after the embedding and after every block, and every decision (TokenMap) of the plan.",
    };

    readonly Option<int?> batch = new("--batch", "-b") { Description = "Pictures that run at once. Default: 32.", HelpName = "N" };
    readonly Option<int?> threads = CommonOptions.Threads();

    /// <summary>The command.</summary>
    public RunCommand()
        : base(
            "run",
            "Runs ready tensors through a network and writes its answers; traced, also the tokens after every block and every decision.",
            "secateur run --model scenes-vit --input X.safetensors -o Y.safetensors",
            "secateur run --model scenes-vit --input X.safetensors -o Y.safetensors --plan zero-tprune --trace")
    {
        CommonOptions.AtLeast(batch, 1);
        foreach (Option option in (Option[])[model, input, output, plan, trace, batch, threads])
            Add(option);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        string from = arguments.GetRequiredValue(input), to = arguments.GetRequiredValue(output);
        if (Path.GetFullPath(from) == Path.GetFullPath(to))
            throw new UsageException($"--output would overwrite the input {from}; name another file.");

        using SafetensorsFile file = SafetensorsFile.Open(from);
        TensorInfo images = Images(file);
        int count = images.Shape[0], length = images.Length / Math.Max(1, count);
        VisionTransformer network = Network.Load(arguments.GetRequiredValue(model), arguments.GetValue(threads), (images.Shape[2], images.Shape[3]));
        if (length != network.ImageLength)
            throw new BadInputException($"{from}: the tensor '{images.Name}' has shape [{string.Join(", ", images.Shape)}]; {network.Config.Architecture} takes pictures of {network.ImageLength} numbers each, not {length}.");
        TokenPlan tokens = Network.Plan(arguments.GetValue(plan), network, terminal);
        var pixels = new float[images.Length];
        file.Read(images.Name, pixels);

        var logits = new float[count * network.Classes];
        TraceRecorder? recorder = arguments.GetValue(trace) ? new(tokens) : null;
        int atOnce = arguments.GetValue(batch) ?? 32;
        for (int first = 0; first < count; first += atOnce)
        {
            int here = Math.Min(atOnce, count - first);
            recorder?.Continue(first);
            network.Run(
                pixels.AsSpan(first * length, here * length), here, logits.AsSpan(first * network.Classes, here * network.Classes), tokens, recorder, cancellation);
        }

        SafetensorsWriter.Write(
            to,
            [OutputTensor.Of("logits", [count, network.Classes], logits), .. recorder?.Tensors() ?? []],
            new Dictionary<string, string> { ["model"] = network.Config.Architecture, ["plan"] = tokens.Name },
            cancellation);
        terminal.Say($"{count} pictures through {network.Config.Architecture}, plan {tokens.Name}; written to {to}");
        return ExitCode.Done;
    }

    static TensorInfo Images(SafetensorsFile file)
    {
        TensorInfo? images = file.Tensors.GetValueOrDefault("input") ?? (file.Tensors.Count == 1 ? file.Tensors.Values.First() : null);
        if (images is null)
            throw new BadInputException($"{file.Path}: there is no tensor 'input' among {file.Tensors.Count}; name the pictures 'input', or leave them alone in the file.");
        return images.Shape.Length == 4 && images.Length > 0
            ? images
            : throw new BadInputException($"{file.Path}: the tensor '{images.Name}' has shape [{string.Join(", ", images.Shape)}]; expected [batch, channels, height, width].");
    }
}
