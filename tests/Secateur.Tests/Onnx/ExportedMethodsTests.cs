using System.Globalization;
using Secateur.Compression.Structured;
using Secateur.Compression.Tokens;
using Secateur.Evaluation.Datasets;
using Secateur.Evaluation.Planning;
using Secateur.Models.Images;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;
using Secateur.Onnx.Export;
using Secateur.Onnx.Verify;

namespace Secateur.Tests.Onnx;

/// <summary>Every token method as a graph: within two budgets, alone and with batch mates, on a bundled network and on a real one, it decides in ONNX Runtime as
/// it does here; or it says in one line why it cannot be a graph.</summary>
public sealed class ExportedMethodsTests
{
    static readonly double[] Budgets = [0.8, 0.6];

    public static TheoryData<string> Methods => [.. TokenMethods.All.Select(method => method.Name)];

    [SkippableTheory]
    [MemberData(nameof(Methods))]
    public void A_method_decides_there_as_here_on_the_bundled_network(string name)
    {
        VisionTransformer network = Secateur.Cli.Network.Load("scenes-vit", 1);
        var scenes = new SceneSet(SceneGenerator.FirstHeldOutSeed, 3, network.Config.Preprocessing);
        using var folder = new TemporaryFolder();
        Check(network, name, [.. Enumerable.Range(0, scenes.Count).Select(i => Read(scenes, i)), .. OnnxCheck.Noise(network, 2)], folder);
        Assert.Equal("", ReferenceChecker.Complaints(Directory.GetFiles(folder.Path)));
    }

    [SkippableTheory]
    [MemberData(nameof(Methods))]
    public void A_method_decides_there_as_here_on_DeiT_Tiny(string name)
    {
        string weights = RealData.Path("deit_tiny_patch16_224"), photographs = RealData.Path("photographs");
        VisionTransformer network = VisionTransformer.Load(weights);
        IEnumerable<string> files = File.ReadLines(Path.Combine(photographs, "labels.csv")).Skip(1).Take(2).Select(line => Path.Combine(photographs, line.Split(',')[0]));
        using var folder = new TemporaryFolder();
        Check(network, name, [.. files.Select(file => Photograph(network, file)), .. OnnxCheck.Noise(network, 1)], folder);
    }

    [SkippableTheory]
    [MemberData(nameof(Methods))]
    public void A_method_decides_there_as_here_where_blocks_have_lost_their_heads(string name)
    {
        VisionTransformer whole = Secateur.Cli.Network.Load("scenes-vit", 1);
        StructurePlan structure = StructurePlan.Whole(whole);
        int[] headless = [2, 3, 6, 11];
        var pruned = (VisionTransformer)Surgeon.Apply(whole, structure with { Layers = [.. structure.Layers.Select((layer, i) => headless.Contains(i) ? layer with { Heads = [], Neurons = [.. layer.Neurons.Take(i)] } : layer)] });
        TokenPlan plan = TokenMethods.Get(name).DefaultPlan(pruned.Depth, pruned.PatchTokens).Fitting(pruned.Blocks);
        using var folder = new TemporaryFolder();
        if (Export(pruned, plan, null) is { } model)
            RequirePassed(model, folder["network.onnx"], pruned, plan, OnnxCheck.Noise(pruned, 2), name);
    }

    static void Check(VisionTransformer network, string name, IReadOnlyList<(string, float[])> pictures, TemporaryFolder folder)
    {
        TokenMethod method = TokenMethods.Get(name);
        var family = new PlanFamily(name, 1, strength => method.Family(network.Depth, network.PatchTokens, strength));
        PlanCost Cost(TokenPlan plan) => new(MacCounter.Count(network, plan).Total, null);
        foreach (double budget in Budgets)
        {
            TokenPlan plan = Assert.NotNull(family.Meet(new(PlanMeasure.Macs, budget * MacCounter.Count(network, TokenPlan.Dense).Total), Cost)).Plan;
            foreach (int? batch in (int?[])[1, null])
            {
                if (Export(network, plan, batch) is not { } model)
                    return;
                RequirePassed(model, folder[$"{budget}-{batch}.onnx"], network, plan, pictures, $"{name} at {budget}x, batch {batch?.ToString(CultureInfo.InvariantCulture) ?? "any"}");
            }
        }
    }

    static void RequirePassed(OnnxModel model, string path, VisionTransformer network, TokenPlan plan, IReadOnlyList<(string, float[])> pictures, string what)
    {
        model.Save(path);
        OnnxCheckResult result = OnnxCheck.Vision(path, model, network, plan, pictures, (InstalledRuntime.Library, new() { Threads = 1 }));
        Assert.True(result.Passed, $"{what}: {string.Join("; ", result.Failures)}");
    }

    static OnnxModel? Export(VisionTransformer network, TokenPlan plan, int? batch)
    {
        try
        {
            return OnnxExport.Vision(network, plan, new() { Batch = batch });
        }
        catch (OnnxExportException e)
        {
            Assert.Matches(@"^[^\n]*; choose [^\n]*\.$", e.Message);
            return null;
        }
    }

    static (string, float[]) Read(SceneSet scenes, int index)
    {
        var input = new float[scenes.InputLength];
        scenes.Read(index, input);
        return ($"scene {index}", input);
    }

    static (string, float[]) Photograph(VisionTransformer network, string file)
    {
        var input = new float[network.ImageLength];
        Preprocessor.Run(ImageFile.Load(file), network.Config.Preprocessing, input);
        return (Path.GetFileName(file), input);
    }
}
