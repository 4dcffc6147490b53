using Secateur.Compression.Tokens;
using Secateur.Kernels;
using Secateur.Models.Checkpoints;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;
using Secateur.Tests.Vit;

namespace Secateur.Tests.Tokens;

/// <summary>The early form against its own released code, over a whole network: the second decision sees what the first has left.</summary>
public sealed class ZeroTPruneEarlyParity
{
    // Float32 sums in another order over six blocks, relative to the largest value.
    const double Tolerance = 1e-4;

    [Theory]
    [InlineData("tiny-vit", "column-mean", 1)]
    [InlineData("tiny-vit", "wpr5", 5)]
    [InlineData("odd-vit", "column-mean", 1)]
    [InlineData("odd-vit", "wpr5", 5)]
    public void Every_decision_every_token_and_the_logits_are_the_reference_s(string name, string variant, int votes)
    {
        VisionTransformer network = TinyNetworks.Load(name, threads: Threads.Inline);
        using SafetensorsFile expected = TinyNetworks.Expected(name);
        float[] input = expected.Read("input");
        int batch = expected.Tensors["input"].Shape[0];
        string prefix = $"zerotprune-early.{variant}";
        var stages = new (int Block, double Keep, Listening Reducer)[] { (1, 0.8, new(votes)), (3, 0.6, new(votes)) };
        var plan = new TokenPlan("parity", [.. stages.Select(stage => new TokenStage(stage.Block, TokenPosition.AfterBlock, stage.Reducer) { Keep = stage.Keep })]);
        var trace = new Trace();
        var logits = new float[batch * network.Classes];
        network.Run(input, batch, logits, plan, trace);

        for (int i = 0; i < stages.Length; i++)
        {
            string at = $"{prefix}.block{stages[i].Block}";
            Assert.True(TinyNetworks.Difference(expected.Read($"{at}.importance"), [.. stages[i].Reducer.Importance]) < Tolerance, $"{at}.importance");
            var kept = new long[expected.Tensors[$"{at}.kept"].Length];
            expected.ReadInt64($"{at}.kept", kept);
            Assert.Equal(kept, trace.Kept[i]);
        }

        for (int block = 0; block < network.Depth; block++)
        {
            double difference = TinyNetworks.Difference(expected.Read($"{prefix}.block{block}.tokens"), trace.Blocks[block]);
            Assert.True(difference < Tolerance, $"{prefix}.block{block}.tokens differs by {difference:g3}");
        }

        Assert.True(TinyNetworks.Difference(expected.Read($"{prefix}.logits"), logits) < Tolerance);
    }

    /// <summary>The method, noting its scores: of patches alone and on the reference's scale, where all tokens sum to 1.</summary>
    sealed class Listening(int votes) : ITokenReducer
    {
        readonly ZeroTPruneEarly method = new(new() { Iterations = votes });

        public List<float> Importance { get; } = [];

        public TokenSignals Needs => method.Needs;

        public TokenMap Reduce(in TokenView view, int remove)
        {
            var importance = new float[view.Count];
            method.Importance(view, importance);
            int count = view.Count;
            Importance.AddRange(importance.Skip(view.Prefix).Select(s => s / count));
            return method.Reduce(view, remove);
        }
    }

    sealed class Trace : RunObserver
    {
        public List<float[]> Blocks { get; } = [];

        public Dictionary<int, List<long>> Kept { get; } = [];

        public override void OnBlock(int block, TokenRows tokens)
        {
            var all = new List<float>();
            for (int i = 0; i < tokens.Count; i++)
                all.AddRange(tokens.Rows.Row(i));
            Blocks.Add([.. all]);
        }

        public override void OnMap(int stage, int sequence, TokenMap map)
        {
            if (!Kept.TryGetValue(stage, out List<long>? kept))
                Kept[stage] = kept = [];
            for (int i = 1; i < map.Group.Length; i++) // after the class token
                if (map.Group[i] != TokenMap.Dropped)
                    kept.Add(i - 1);
        }
    }
}
