using System.Collections.Immutable;
using System.Text;
using Secateur.Compression.Structured;
using Secateur.Evaluation.Structured;
using Secateur.Models;
using Secateur.Models.Bert;
using Secateur.Models.Checkpoints;
using Secateur.Models.Vit;
using Secateur.Onnx.Export;

namespace Secateur.Cli.Commands.Pruning;

/// <summary>The folder of a pruned network: an ordinary checkpoint, the plan that made it, and a card that says what was done. Or an ONNX file, with plan and card beside it
/// under its name.</summary>
/// <param name="source">The network's own folder or file.</param>
/// <param name="folder">Where the pruned one goes: a folder, or a file that ends in ".onnx".</param>
internal sealed class PrunedFiles(string source, string folder)
{
    /// <summary>The plan's file.</summary>
    public const string Plan = "structure.json";

    /// <summary>The token plan's, where tokens were pruned too.</summary>
    public const string TokenPlan = "token-plan.json";

    /// <summary>The card's.</summary>
    public const string Card = "README.md";

    /// <summary>The folder, or the ONNX file.</summary>
    public string Folder => folder;

    /// <summary>Whether it is an ONNX file.</summary>
    public bool IsGraph => IsGraphFile(folder);

    /// <summary>What the plan's file is called there.</summary>
    public string PlanFile => Path.GetFileName(At(Plan));

    /// <summary>Bytes of the weights before.</summary>
    public long SourceBytes => NetworkFiles.Of(source).Bytes;

    /// <summary>Bytes of the weights afterwards.</summary>
    public long PrunedBytes => NetworkFiles.Of(folder).Bytes;

    /// <summary>Refuses a folder in which the network itself, another one or somebody's page would be lost.</summary>
    /// <exception cref="UsageException">It is the network's own, also by way of links, or it has a network or a card that is none of ours, or it is a file.</exception>
    /// <exception cref="CheckpointException">There is no network at its source.</exception>
    public void Require()
    {
        RequireOther(source, folder);
        if (!File.Exists(At(Plan)) && Foreign().FirstOrDefault(File.Exists) is { } foreign)
            throw new UsageException($"{foreign} was not written by secateur prune, which leaves {PlanFile} with what it writes, and would be replaced; name another --output.");
        string card = At(Card);
        if (File.Exists(card) && !PrunedCard.IsOne(card))
            throw new UsageException($"{card} was not written by secateur prune and would be replaced by what is said of --output {folder}; name another place.");
    }

    /// <summary>Refuses a folder in which the network itself would be lost.</summary>
    /// <param name="source">The network's own folder or file.</param>
    /// <param name="folder">Where another is to go.</param>
    /// <exception cref="UsageException">It is the network's own, also by way of links, or it is a file.</exception>
    /// <exception cref="CheckpointException">There is no network at its source.</exception>
    public static void RequireOther(string source, string folder)
    {
        string target = RealPath.Of(folder);
        NetworkFiles own = NetworkFiles.Of(source);
        IEnumerable<string> places = [RealPath.Of(source), RealPath.Of(own.Folder), .. own.Weights.SelectMany(file => new[] { RealPath.Of(file), FolderOf(RealPath.Of(file)), RealPath.Of(FolderOf(file)) })];
        if (places.Contains(target, StringComparer.Ordinal))
            throw new UsageException($"--output {folder} is where the network itself lies, and what is written would replace it; name another place.");
        if (!IsGraphFile(folder) && File.Exists(target))
            throw new UsageException($"--output {folder} is a file; name a folder, or a file that ends in .onnx.");
    }

    /// <summary>Writes plan and checkpoint, and loads the latter again. A token plan and a card of an earlier network, which the new one replaces, go with it.</summary>
    /// <returns>What was loaded, on the same threads, for pictures of the same size.</returns>
    /// <exception cref="IOException">The folder cannot be written to.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public Transformer Save(Transformer network, StructurePlan plan, TensorType type, Terminal terminal, CancellationToken cancellation)
    {
        // The plan first: it tells a later run that what lies beside it may be replaced.
        Directory.CreateDirectory(FolderOf(At(Plan)));
        StructurePlanFile.Save(plan, At(Plan));
        if (IsGraph)
        {
            (network is VisionTransformer pictures ? OnnxExport.Vision(pictures) : OnnxExport.Text((TextTransformer)network)).Save(folder);
            if (network is TextTransformer texts && !texts.SaveTokenizer(FolderOf(folder)))
                terminal.Say($"another network's tokenizer lies beside {folder} and stays; what was pruned needs the one of {source}");
        }
        else
            network.Save(folder, type, cancellation);
        File.Delete(At(TokenPlan));
        File.Delete(At(Card));
        if (IsGraph)
            return Network.LoadAny(folder, network.Threads);
        if (Directory.EnumerateFiles(folder, "*.safetensors").Count() > 1)
            terminal.Say($"{folder} has weights of another network too; what was written now is model.safetensors");
        return network is VisionTransformer vision
            ? VisionTransformer.Load(folder, new() { Threads = network.Threads, ImageSize = vision.ImageSize })
            : Transformer.Load(folder, network.Threads);
    }

    /// <summary>Makes sure that what was written answers as what was meant, bit for bit where no number was rounded.</summary>
    /// <exception cref="InvalidOperationException">It does not: a fault of this tool.</exception>
    public void RequireSame(Transformer meant, Transformer written, ImmutableArray<ExampleBatch> examples, TensorType type, Terminal terminal)
    {
        double difference = 0;
        foreach (ExampleBatch one in examples)
        {
            float[] a = one.Run(meant), b = one.Run(written);
            if (type == TensorType.F32 && !a.AsSpan().SequenceEqual(b))
                throw new InvalidOperationException($"{folder} does not answer as the network that was written there");
            difference = a.Zip(b).Aggregate(difference, (most, pair) => Math.Max(most, Math.Abs((double)pair.First - pair.Second)));
        }

        if (type != TensorType.F32)
            terminal.Say($"kept as {type}, the pruned network's answers differ from those in F32 by {difference:0.0000} at most; all that follows is measured with what was kept");
    }

    /// <summary>Writes the card.</summary>
    /// <param name="card">As Markdown.</param>
    /// <exception cref="IOException">The folder cannot be written to.</exception>
    public void Describe(string card) => AtomicFile.Write(At(Card), stream => stream.Write(Encoding.UTF8.GetBytes(card)));

    /// <summary>What writing replaces or takes away.</summary>
    IEnumerable<string> Foreign() => IsGraph ? [Path.GetFullPath(folder), At(TokenPlan)] : [Path.Combine(folder, "model.safetensors"), Path.Combine(folder, "config.json"), At(TokenPlan)];

    static string FolderOf(string file) => Path.GetDirectoryName(Path.GetFullPath(file))!;

    static bool IsGraphFile(string path) => path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase) && !Directory.Exists(path);

    // In the folder, or beside the ONNX file: pruned.onnx, pruned.structure.json, pruned.README.md.
    string At(string name) => IsGraph ? Path.ChangeExtension(Path.GetFullPath(folder), name) : Path.Combine(folder, name);
}
