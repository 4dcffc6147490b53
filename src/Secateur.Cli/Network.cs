using Secateur.Compression;
using Secateur.Compression.Tokens;
using Secateur.Evaluation.Profiling;
using Secateur.Kernels;
using Secateur.Models;
using Secateur.Models.Bert;
using Secateur.Models.Checkpoints;
using Secateur.Models.Hub;
using Secateur.Models.Text;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;
using Secateur.Onnx.Import;

namespace Secateur.Cli;

/// <summary>Finds and loads the network that a command line names.</summary>
internal static class Network
{
    /// <summary>The networks that travel with the tool, a folder each.</summary>
    public static string Bundled { get; } = Path.Combine(AppContext.BaseDirectory, "models");

    /// <summary>The names of those.</summary>
    public static IEnumerable<string> BundledNames => Directory.Exists(Bundled) ? Directory.EnumerateDirectories(Bundled).Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal) : [];

    /// <summary>Finds a network.</summary>
    /// <param name="named">A folder, a file (safetensors or ONNX), a hub name that was pulled, or a bundled name.</param>
    /// <returns>The path of a folder or a file.</returns>
    /// <exception cref="BadInputException">There is no such network.</exception>
    public static string Locate(string named)
    {
        if (Path.Exists(named))
            return named;
        string bundled = Path.Combine(Bundled, named);
        if (named == Path.GetFileName(named) && Directory.Exists(bundled))
            return bundled;
        if (HubCache.IsRepository(named) && new HubCache(Hub().CacheFolder).TryFind(named) is { } pulled)
            return pulled;
        throw new BadInputException($"{named}: there is no such folder or file, and it is not bundled ({string.Join(", ", BundledNames)}).{(named.Contains('/') && HubCache.IsRepository(named) ? $" If it is on a hub, download it first: secateur pull {named}" : "")}");
    }

    /// <summary>Finds and loads a network.</summary>
    /// <param name="named">As for <see cref="Locate"/>.</param>
    /// <param name="threads">Threads to use; null for one a core.</param>
    /// <param name="imageSize">Height and width of the pictures, pixels; null for those it was trained for.</param>
    /// <returns>The network.</returns>
    /// <exception cref="BadInputException">There is no such network, or it cannot take pictures of this size.</exception>
    /// <exception cref="CheckpointException">It cannot be used.</exception>
    public static VisionTransformer Load(string named, int? threads, (int Height, int Width)? imageSize = null)
    {
        string path = Locate(named);
        VitOptions options = new() { Threads = threads is { } count ? new Threads(count) : null, ImageSize = imageSize };
        try
        {
            return !OnnxImport.Takes(path) ? VisionTransformer.Load(path, options)
                : OnnxImport.Load(path, options) as VisionTransformer ?? throw new BadInputException($"{named}: this network reads texts; this takes one that looks at pictures.");
        }
        catch (ArgumentException e) when (imageSize is not null)
        {
            throw new BadInputException($"{named}: {e.Message}");
        }
        catch (CheckpointException) when (!OnnxImport.Takes(path) && TextCheckpoint.Holds(path))
        {
            throw new BadInputException($"{named}: this network reads texts; this takes one that looks at pictures.");
        }
    }

    /// <summary>Finds and loads a network of either kind.</summary>
    /// <param name="named">As for <see cref="Locate"/>.</param>
    /// <param name="threads">Threads to use; null for one a core.</param>
    /// <returns>A <see cref="VisionTransformer"/> or a <see cref="TextTransformer"/>.</returns>
    /// <exception cref="BadInputException">There is no such network.</exception>
    /// <exception cref="CheckpointException">It cannot be used.</exception>
    public static Transformer LoadAny(string named, int? threads) => LoadAny(Locate(named), threads is { } count ? new Threads(count) : null);

    /// <summary>Loads a network of either kind.</summary>
    /// <param name="path">What <see cref="Locate"/> found.</param>
    /// <param name="threads">Who computes; null for one a core.</param>
    /// <returns>A <see cref="VisionTransformer"/> or a <see cref="TextTransformer"/>.</returns>
    /// <exception cref="CheckpointException">It cannot be used.</exception>
    public static Transformer LoadAny(string path, Threads? threads) => OnnxImport.Takes(path) ? OnnxImport.Load(path, new() { Threads = threads }) : Transformer.Load(path, threads);

    /// <summary>Whether a network reads texts.</summary>
    /// <param name="named">As for <see cref="Locate"/>.</param>
    /// <returns>Whether it does; false for one of pictures.</returns>
    /// <exception cref="BadInputException">There is no such network.</exception>
    /// <exception cref="CheckpointException">It is damaged.</exception>
    public static bool ReadsTexts(string named) => Locate(named) is var path && OnnxImport.Takes(path) ? OnnxImport.ReadsTexts(path) : TextCheckpoint.Holds(path);

    /// <summary>Opens the tokenizer that lies beside a network.</summary>
    /// <param name="named">As for <see cref="Locate"/>.</param>
    /// <returns>The tokenizer.</returns>
    /// <exception cref="BadInputException">There is no such network.</exception>
    /// <exception cref="CheckpointException">There is no tokenizer, or none that is understood.</exception>
    public static Tokenizer TokenizerOf(string named) => Tokenizer.Open(NetworkFiles.Of(Locate(named)).Folder);

    /// <summary>The hub that the environment names.</summary>
    /// <returns>Where repositories come from and where they are kept.</returns>
    /// <exception cref="UsageException">The environment names something else.</exception>
    public static HubOptions Hub()
    {
        try
        {
            return HubOptions.FromEnvironment();
        }
        catch (ArgumentException e)
        {
            throw new UsageException(e.Message);
        }
    }

    /// <summary>Refuses a batch whose pictures do not fit into one array.</summary>
    /// <param name="network">The network.</param>
    /// <param name="batch">Pictures in a run.</param>
    /// <exception cref="UsageException">It is too large.</exception>
    public static void RequireBatch(VisionTransformer network, int batch)
    {
        int most = Array.MaxLength / network.ImageLength;
        if (batch > most)
            throw new UsageException($"--batch {batch}: a run of {network.Config.Architecture} takes at most {most} pictures; name fewer.");
    }

    /// <summary>Finds the plan that a command line names; says so where its latency was measured on another device.</summary>
    /// <param name="named">The name of a plan or a file; null for every token everywhere.</param>
    /// <param name="network">The network it is for.</param>
    /// <param name="terminal">Where to say it.</param>
    /// <returns>The plan.</returns>
    /// <exception cref="PlanException">There is no such plan, or it does not fit the network, or it was made for another one.</exception>
    public static TokenPlan Plan(string? named, VisionTransformer network, Terminal terminal)
    {
        if (named is null)
            return TokenPlan.Dense;
        TokenPlan plan = TokenPlans.Resolve(named, network.Depth, network.PatchTokens);
        if (plan.Origin is not { } origin)
            return Fitting(plan, named, network, terminal);
        if (WeightsHash.Of(network) is var weights && weights != origin.Weights)
            throw new PlanException($"{named} was made for {origin.Architecture} with the weights {origin.Weights[..8]}..., and this is {network.Config.Architecture} with {weights[..8]}...: other weights, or pictures of another size. Plan again for this network (secateur plan), or remove \"origin\" from the file to use its places and counts all the same.");
        if (origin.Latency is { } latency && latency.DeviceHash != DeviceFingerprint.OfThisMachine().Hash)
            terminal.Say($"the latency in {named} was measured on another device ({latency.Device}); here it may differ.");
        return Fitting(plan, named, network, terminal);
    }

    static TokenPlan Fitting(TokenPlan plan, string named, VisionTransformer network, Terminal terminal)
    {
        TokenPlan fitting = plan.Fitting(network.Blocks);
        if (fitting != plan)
            terminal.Say($"{named} looks at heads in blocks that have none left here ({string.Join(", ", plan.Stages.Where(stage => stage.LooksAtHeads && network.Blocks[stage.Block].Heads == 0).Select(stage => stage.Block).Distinct())}); what would go there goes in the next block with heads, where there is one.");
        return fitting;
    }
}
