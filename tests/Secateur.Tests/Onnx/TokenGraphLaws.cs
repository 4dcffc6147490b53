using System.Text.Json;
using Secateur.Cli;
using Secateur.Compression.Tokens;
using Secateur.Kernels;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;
using Secateur.Onnx.Export;
using Secateur.Tests.Vit;

namespace Secateur.Tests.Onnx;

/// <summary>What the graph of every token method of the catalogue owes: it decides as the engine does, or says why it cannot and what to choose.</summary>
public sealed class TokenGraphLaws
{
    /// <summary>With a class token; with a distillation token; with registers and a scaled residual; without any prefix; the network of the tool.</summary>
    static readonly string[] Networks = ["tiny-vit", "tiny-deit-distilled", "tiny-dinov2-registers", "timm/no-class-token", "scenes-vit"];

    public static TheoryData<string, string> MethodsAndNetworks
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (TokenMethod method in TokenMethods.All)
                foreach (string network in Networks)
                    data.Add(method.Name, network);
            return data;
        }
    }

    public static TheoryData<string, string> MethodsAndOptions
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (TokenMethod method in TokenMethods.All)
                foreach (string options in UnusualOptions.Of(method))
                    data.Add(method.Name, options);
            return data;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(MethodsAndNetworks))]
    public void A_graph_decides_and_answers_as_the_engine_does(string method, string named)
    {
        VisionTransformer network = Load(named);
        TokenMethod entry = TokenMethods.Get(method);
        Same(network, entry.DefaultPlan(network.Depth, network.PatchTokens), (1, false), (3, false), (3, true));
        Same(network, entry.Family(network.Depth, network.PatchTokens, .7), (1, true), (3, false));
    }

    [SkippableTheory]
    [MemberData(nameof(MethodsAndOptions))]
    public void Every_option_is_in_the_graph_or_refused_in_one_line(string method, string options)
    {
        VisionTransformer network = Load("tiny-vit");
        TokenMethod entry = TokenMethods.Get(method);
        using JsonDocument told = JsonDocument.Parse(options);
        TokenPlan plan = entry.Family(network.Depth, network.PatchTokens, .6);
        Same(network, plan with { Stages = [.. plan.Stages.Select(stage => stage with { Reducer = Told(entry, stage.Reducer, told.RootElement) })] }, (2, false), (3, true));
    }

    static ITokenReducer Told(TokenMethod method, ITokenReducer reducer, JsonElement options)
    {
        using JsonDocument described = JsonDocument.Parse(method.Describe(reducer).ToJsonString());
        return method.Create(("the plan", described.RootElement), ("the test", options));
    }

    static void Same(VisionTransformer network, TokenPlan plan, params (int Pictures, bool Free)[] batches)
    {
        int ties = 0;
        try
        {
            foreach ((int pictures, bool free) in batches)
            {
                var run = new GraphRun(network, plan, GraphPictures.Of(network), pictures, free);
                string? difference = run.Difference();
                Assert.True(difference is null, $"{pictures} pictures{(free ? ", any batch" : "")}: {difference}");
                ties += run.Ties;
            }

            Assert.True(ties < batches.Sum(batch => batch.Pictures), "scores of every picture are as good as equal");
        }
        catch (OnnxExportException refusal)
        {
            Assert.DoesNotContain('\n', refusal.Message);
            Assert.Contains("choose ", refusal.Message, StringComparison.Ordinal);
        }
    }

    static VisionTransformer Load(string name) => name switch
    {
        "scenes-vit" => VisionTransformer.Load(Network.Locate(name)),
        _ when name.StartsWith("timm/", StringComparison.Ordinal) => VisionTransformer.Load(Fixtures.Path(name)),
        _ => TinyNetworks.Load(name, threads: Threads.Inline),
    };
}
