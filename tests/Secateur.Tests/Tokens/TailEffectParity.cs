using Secateur.Compression.Tokens;
using Secateur.Compression.Tokens.Scores;
using Secateur.Models.Checkpoints;
using Secateur.Models.Tokens;
using Secateur.Tests.Vit;

namespace Secateur.Tests.Tokens;

/// <summary>The cut for the GPU tail effect against its released code, one image at a time and with the batch's maximum.</summary>
public sealed class TailEffectParity
{
    public static TheoryData<string, int, bool> Cases
    {
        get
        {
            var data = new TheoryData<string, int, bool>();
            foreach (string name in TinyNetworks.All)
                foreach (int remove in new[] { 8, 24 })
                    foreach (bool ofBatch in new[] { false, true })
                        data.Add(name, remove, ofBatch);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_score_every_decision_every_token_and_the_logits_are_the_reference_s(string name, int remove, bool ofBatch)
    {
        string at = $"tail-effect.R{remove}.{(ofBatch ? "batch-maximum" : "per-image")}";
        int prefix = TinyNetworks.Load(name).PrefixTokens;

        // The released code leaves one more token for each prefix token after the first; ours does so for compatibility alone.
        var reducer = new Listening(new(new() { Compatibility = ofBatch }));
        int asked = ofBatch ? remove : remove + 1 - prefix;
        var trace = new NetworkTrace(name, new("parity", [new(1, TokenPosition.AfterAttention, reducer) { Remove = asked }]));
        trace.Compare(at);

        using SafetensorsFile expected = TinyNetworks.Expected(name);
        Assert.True(TinyNetworks.Difference(expected.Read($"{at}.score"), [.. reducer.Scores]) < 1e-5); // float32 sums over one block
        long[] discarded = trace.Expected($"{at}.discarded_tokens");
        int each = discarded.Length / trace.Batch;
        for (int image = 0; image < trace.Batch; image++)
            Assert.Equal(
                discarded.Skip(image * each).Take(each).Order(),
                Enumerable.Range(0, trace.Maps[0][image].Group.Length).Where(i => trace.Maps[0][image].Group[i] == trace.Maps[0][image].Count - 1).Select(i => (long)i));
    }

    /// <summary>The method, noting its scores.</summary>
    sealed class Listening(TailEffectPruning method) : ITokenReducer
    {
        public List<float> Scores { get; } = [];

        public TokenSignals Needs => method.Needs;

        public bool DependsOnBatch => method.DependsOnBatch;

        public TokenMap Reduce(in TokenView view, int remove)
        {
            var scores = new float[view.Count];
            new TailEffectScore(method.Options.ValueMaximum, method.Options.Compatibility).Score(view, scores);
            Scores.AddRange(scores.Skip(view.Prefix));
            return method.Reduce(view, remove);
        }
    }
}
