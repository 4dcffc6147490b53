using Secateur.Compression.Tokens;
using Secateur.Kernels;
using Secateur.Models.Checkpoints;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;
using Secateur.Tests.Vit;

namespace Secateur.Tests.Tokens;

/// <summary>What is the own of the baselines: an untrained DynamicViT, an untrained A-ViT, the fixed mask.</summary>
public sealed class BaselineTests
{
    [Fact]
    public void An_untrained_dynamic_vit_leaves_absolute_counts_in_front_of_blocks_3_6_and_9()
    {
        TokenPlan plan = TokenMethods.Get("dynamic-vit-untrained").DefaultPlan(12, 196);
        Assert.Equal([(3, TokenPosition.BeforeBlock), (6, TokenPosition.BeforeBlock), (9, TokenPosition.BeforeBlock)], plan.Stages.Select(stage => (stage.Block, stage.Position)));
        Assert.Equal([196, 137, 96, 67], plan.PatchesByBlock(12, 196).Select(count => count.Attention).Distinct());
    }

    [Fact]
    public void An_untrained_dynamic_vit_keeps_the_order_and_draws_anew_for_another_seed()
    {
        TokenSequences sequence = TokenSequences.Draw(1, 1, 3, 8, 41);
        int[] first = Kept(new DynamicVit(), sequence.View(), 13), second = Kept(new DynamicVit(new() { Seed = 1 }), sequence.View(), 13);
        Assert.Equal(28, first.Length);
        Assert.Equal(first.Order(), first);
        Assert.NotEqual(first, second);
        Assert.Equal(first, Kept(new DynamicVit(), TokenSequences.Draw(2, 1, 3, 8, 41).View(), 13));
    }

    [Theory]
    [InlineData("l1", 5, 7, "...X... ..XXX.. .XXXXX. ..XXX.. ...X...")]
    [InlineData("l2", 5, 7, "....... ..XXX.. ..XXX.. ..XXX.. .......")]
    [InlineData("linf", 5, 7, ".XXXXX. .XXXXX. .XXXXX. .XXXXX. .XXXXX.")]
    [InlineData("l2", 4, 4, ".XX. XXXX XXXX .XX.")]
    public void A_centre_mask_leaves_what_its_norm_calls_near(string norm, int rows, int columns, string picture)
    {
        string wanted = picture.Replace(" ", "", StringComparison.Ordinal);
        var mask = new CentreMask(new() { Norm = Enum.Parse<CentreNorm>(norm, ignoreCase: true) });
        const int prefix = 2;
        int tokens = prefix + (rows * columns);
        TokenView view = new TokenView(TokenSignals.None, prefix, Ones(tokens), default, default, default, 1, null, 0) with
        {
            Places = Enumerable.Range(0, tokens).ToArray(),
            Grid = (rows, columns),
        };
        int[] kept = Kept(mask, view, wanted.Count(c => c == '.'));
        Assert.Equal([0, 1, .. Enumerable.Range(0, wanted.Length).Where(i => wanted[i] == 'X').Select(i => prefix + i)], kept);
    }

    [Fact]
    public void A_centre_mask_goes_by_where_tokens_are_from_not_by_where_they_stand()
    {
        // Of a row of nine patches, five are left.
        TokenView view = new TokenView(TokenSignals.None, 0, Ones(5), default, default, default, 1, null, 0) with { Places = new[] { 0, 5, 6, 7, 8 }, Grid = (1, 9) };
        Assert.Equal([1, 2], Kept(new CentreMask(), view, 3));
    }

    [Fact]
    public void A_centre_mask_without_places_says_so() =>
        Assert.Throws<InvalidOperationException>(() => new CentreMask().Reduce(new TokenView(TokenSignals.None, 0, Ones(4), default, default, default, 1, null, 0), 1));

    [Theory]
    [InlineData("tiny-vit")]
    [InlineData("tiny-dinov2-registers")]
    [InlineData("odd-vit")]
    public void An_untrained_a_vit_adds_up_halting_over_the_blocks_and_drops_who_exceeds_one(string name)
    {
        VisionTransformer network = TinyNetworks.Load(name, threads: Threads.Inline);
        using SafetensorsFile expected = TinyNetworks.Expected(name);
        var twin = new Halting(new() { Gain = 2, Centre = 1, Epsilon = .05 });
        network.Run(expected.Read("input").AsSpan(0, network.ImageLength), 1, new TokenPlan("halting", [.. Enumerable.Range(0, network.Depth)
            .Select(block => new TokenStage(block, TokenPosition.AfterBlock, twin) { Remove = int.MaxValue })]));
        Assert.InRange(twin.Gone, 5, network.PatchTokens - 1);
    }

    [Fact]
    public void When_fewer_may_go_than_have_halted_those_with_the_strongest_will_go_and_the_others_later()
    {
        TokenSequences sequence = TokenSequences.Draw(4, 1, 3, 8, 31);
        var reducer = new AVit(new() { Centre = -10 });
        int[] byWill = [.. Enumerable.Range(1, 30).OrderByDescending(i => sequence.Tokens.Row(i)[0])];
        TokenMap map = reducer.Reduce(sequence.View(), 4);
        Assert.Equal(byWill[..4].Order(), Enumerable.Range(0, 31).Where(i => map.Group[i] == TokenMap.Dropped));
        Assert.True(map.Carried[byWill[5]] > .99f); // it has halted, and goes as soon as it may
    }

    [Fact]
    public void As_published_next_to_nothing_halts_without_training()
    {
        // Features of norm-sized tokens stay below the 3 that a centre of 30 asks for.
        TokenSequences sequence = TokenSequences.Draw(4, 1, 3, 8, 41);
        Assert.True(new AVit().Reduce(sequence.View(), 40).IsIdentity);
    }

    static float[] Ones(int count) => [.. Enumerable.Repeat(1f, count)];

    static int[] Kept(ITokenReducer reducer, in TokenView view, int remove)
    {
        int[] group = reducer.Reduce(view, remove).Group.ToArray();
        return [.. Enumerable.Range(0, group.Length).Where(i => group[i] != TokenMap.Dropped).OrderBy(i => group[i])];
    }

    /// <summary>The plain twin beside the method: knows tokens by their place in the picture, and its sums stay with it.</summary>
    sealed class Halting(AVitOptions options) : ITokenReducer
    {
        readonly AVit method = new(options);
        readonly Dictionary<int, double> sums = [];

        public int Gone { get; private set; }

        public TokenSignals Needs => method.Needs;

        public bool Remembers => true;

        public TokenMap Reduce(in TokenView view, int remove)
        {
            TokenMap map = method.Reduce(view, remove);
            for (int i = view.Prefix; i < view.Count; i++)
            {
                int place = view.Places[i];
                sums[place] = sums.GetValueOrDefault(place) + (1 / (1 + Math.Exp(options.Centre - (options.Gain * view.Token(i)[0]))));
                Assert.Equal(sums[place] > 1 - options.Epsilon, map.Group[i] == TokenMap.Dropped);
                Gone += map.Group[i] == TokenMap.Dropped ? 1 : 0;
            }

            return map;
        }
    }
}
