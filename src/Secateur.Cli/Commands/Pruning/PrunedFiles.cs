using System.Collections.Immutable;
using System.Text;
using Secateur.Compression.Structured;
using Secateur.Evaluation.Structured;
using Secateur.Models;
using Secateur.Models.Checkpoints;
using Secateur.Models.Vit;

namespace Secateur.Cli.Commands.Pruning;

/// <summary>The folder of a pruned network: an ordinary checkpoint, the plan that made it, and a card that says what was done.</summary>
/// <param name="source">The network's own folder or file.</param>
/// <param name="folder">Where the pruned one goes.</param>
internal sealed class PrunedFiles(string source, string folder)
{
    /// <summary>The plan's file.</summary>
    public const string Plan = "structure.json";

    /// <summary>The token plan's, where tokens were pruned too.</summary>
    public const string TokenPlan = "token-plan.json";

    /// <summary>The card's.</summary>
    public const string Card = "README.md";

    /// <summary>The folder.</summary>
    public string Folder => folder;

    /// <summary>Bytes of the weights before.</summary>
    public long SourceBytes => Bytes(source);

    /// <summary>Bytes of the weights afterwards.</summary>
    public long PrunedBytes => Bytes(folder);

    /// <summary>Refuses a folder in which the network itself or somebody's page would be lost.</summary>
    /// <exception cref="UsageException">It is the network's own, also by way of links, or it has a card that is none of ours, or it is a file.</exception>
    /// <exception cref="CheckpointException">There is no network at its source.</exception>
    public void Require()
    {
        RequireOther(source, folder);
        string target = RealPath.Of(folder);
        string card = Path.Combine(target, Card);
        if (File.Exists(card) && !PrunedCard.IsOne(card))
            throw new UsageException($"--output {folder} has a {Card} that was not written by secateur prune and would be replaced; name another folder.");
    }

    /// <summary>Refuses a folder in which the network itself would be lost.</summary>
    /// <param name="source">The network's own folder or file.</param>
    /// <param name="folder">Where another is to go.</param>
    /// <exception cref="UsageException">It is the network's own, also by way of links, or it is a file.</exception>
    /// <exception cref="CheckpointException">There is no network at its source.</exception>
    public static void RequireOther(string source, string folder)
    {
        string target = RealPath.Of(folder);
        CheckpointFiles own = CheckpointFiles.Find(source);
        IEnumerable<string> places = [RealPath.Of(source), RealPath.Of(own.Folder), .. own.WeightFiles.SelectMany(file => new[] { FolderOf(RealPath.Of(file)), RealPath.Of(FolderOf(file)) })];
        if (places.Contains(target, StringComparer.Ordinal))
            throw new UsageException($"--output {folder} is where the network itself lies, and what is written would replace it; name another folder.");
        if (File.Exists(target))
            throw new UsageException($"--output {folder} is a file; name a folder.");
    }

    /// <summary>Writes plan and checkpoint, and loads the latter again. A token plan and a card of an earlier network, which the new one replaces, go with it.</summary>
    /// <returns>What was loaded, on the same threads, for pictures of the same size.</returns>
    /// <exception cref="IOException">The folder cannot be written to.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public Transformer Save(Transformer network, StructurePlan plan, TensorType type, Terminal terminal, CancellationToken cancellation)
    {
        network.Save(folder, type, cancellation);
        File.Delete(Path.Combine(folder, TokenPlan));
        File.Delete(Path.Combine(folder, Card));
        StructurePlanFile.Save(plan, Path.Combine(folder, Plan));
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
    public void Describe(string card) => AtomicFile.Write(Path.Combine(folder, Card), stream => stream.Write(Encoding.UTF8.GetBytes(card)));

    static string FolderOf(string file) => Path.GetDirectoryName(Path.GetFullPath(file))!;

    // Opened, since the length of a link is not that of its file.
    static long Bytes(string path) => CheckpointFiles.Find(path).WeightFiles.Sum(file =>
    {
        using FileStream opened = File.OpenRead(file);
        return opened.Length;
    });
}
