using System.Collections.Immutable;
using Secateur.Compression.Tokens;
using Secateur.Models.Tokens;

namespace Secateur.Evaluation.Planning;

/// <summary>
/// Zero-TPrune's own search (Wang, Dedhia and Jha, CVPR 2024): hyper-parameters are drawn at random and the best of them kept. The paper
/// names the idea and the ranges of the votes; how many places, which rates and which bulks are drawn it does not say, so that these are
/// ours, around its published settings.
/// </summary>
internal static class MonteCarlo
{
    const int PublishedPatches = 196;
    const double LeastRate = 0.5;
    const double LeastKept = 0.05;
    const double Most = 4;

    /// <summary>The method that it draws.</summary>
    internal static TokenMethod Method { get; } = TokenMethods.Of(new ZeroTPrune());

    /// <summary>Draws a setting.</summary>
    /// <param name="depth">Blocks of the network, at least 2.</param>
    /// <param name="patches">Of its pictures.</param>
    /// <param name="random">Draws it.</param>
    /// <returns>Its places and votes, with what goes at each in proportion to the family's number.</returns>
    internal static PlanFamily Draw(int depth, int patches, Random random)
    {
        // 1. Three to five places, each after another block; nothing is left to save after the last one.
        int[] blocks = [.. Enumerable.Range(0, depth - 1)];
        random.Shuffle(blocks);
        blocks = blocks[..Math.Min(blocks.Length, random.Next(3, 6))];
        blocks.AsSpan().Sort();

        // 2. At each: a rate, a bulk of similar tokens, and votes: 30 to 50 in the first third, 5 to 10 in the middle, 1 in the last.
        var stages = ImmutableArray.CreateBuilder<(int Block, double Rate, int Similar, int Votes)>();
        foreach (int block in blocks)
        {
            double rate = 1 - ((1 - LeastRate) * random.NextDouble());
            int similar = (int)Math.Round(5 * random.Next(5) * (double)patches / PublishedPatches);
            int votes = (3 * (block + 1) / depth) switch { 0 => random.Next(30, 51), 1 => random.Next(5, 11), _ => 1 };
            stages.Add((block, rate, similar, votes));
        }

        ImmutableArray<(int Block, double Rate, int Similar, int Votes)> drawn = stages.ToImmutable();
        return new($"drawn, after blocks {string.Join(", ", blocks)}", Most, number => new(Method.Name, [.. drawn.Select(stage =>
            new TokenStage(stage.Block, TokenPosition.AfterBlock, new ZeroTPrune(new()
            {
                Similar = (int)Math.Round(stage.Similar * Math.Min(1, number)),
                Iterations = number == 0 ? 0 : stage.Votes,
            }))
            {
                Keep = Math.Max(LeastKept, 1 - (number * (1 - stage.Rate))),
            })]));
    }
}
