using Secateur.Kernels;
using Secateur.Models.Layers;

namespace Secateur.Models.Tokens;

/// <summary>Carries out a plan in the course of a run: asks attention for what the methods need, lets them decide, applies the decisions.</summary>
internal sealed class Reduction(int sequences, int tokens, int width, (int Rows, int Columns) grid, bool hasClassToken)
{
    const TokenSignals FromAttention = TokenSignals.ClassAttention | TokenSignals.Received | TokenSignals.Attention | TokenSignals.HeadMagnitude | TokenSignals.HeadEntropy;

    readonly TokenMap[] maps = new TokenMap[sequences];
    readonly AttentionSignals signals = new();
    readonly float[] sizeBias = new float[tokens];
    Matrix input;

    /// <summary>Rows and columns of the patch grid.</summary>
    public (int Rows, int Columns) Grid => grid;

    /// <summary>Whether the first token of each sequence is a class token.</summary>
    public bool HasClassToken => hasClassToken;

    /// <summary>Before a block: keeps its input and prepares attention's signals if a stage of this block looks at them.</summary>
    /// <returns>The prepared signals, or null when nothing is asked.</returns>
    public AttentionSignals? Prepare(TokenPlan plan, int block, TokenRows rows, int heads)
    {
        TokenSignals needs = TokenSignals.None;
        foreach (TokenStage stage in plan.Stages)
            if (stage.Block == block && stage.Position != TokenPosition.BeforeBlock)
                needs |= Granted(stage.Reducer);
        if ((needs & TokenSignals.Input) != 0)
        {
            if (input.Rows == 0)
                input = Matrix.Allocate(tokens, width);
            for (int i = 0; i < rows.Count; i++)
                rows.Rows.Row(i).CopyTo(input.Row(i));
        }

        if ((needs & FromAttention) == 0)
            return null;
        signals.Prepare(Request(needs), rows.Offsets, heads);
        return signals;
    }

    /// <summary>The log of the sizes, for proportional attention; empty while every token stands for itself.</summary>
    public ReadOnlyMemory<float> SizeBias(TokenPlan plan, TokenRows rows)
    {
        if (!plan.ProportionalAttention || !rows.Merged)
            return default;
        for (int i = 0; i < rows.Count; i++)
            sizeBias[i] = MathF.Log(rows.Sizes[i]);
        return sizeBias.AsMemory(0, rows.Count);
    }

    /// <summary>Lets the stages of this place decide, and applies what they decide.</summary>
    /// <param name="engine">Who computes.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="block">Index of the block.</param>
    /// <param name="position">Where in the block.</param>
    /// <param name="rows">Read and reduced.</param>
    /// <param name="prefix">Prefix tokens of each sequence.</param>
    /// <param name="queryKeyValue">Of this block's attention; not looked at before it.</param>
    /// <param name="heads">Heads of the block.</param>
    /// <param name="observer">Told of each decision.</param>
    public void Run(Engine engine, TokenPlan plan, int block, TokenPosition position, TokenRows rows, int prefix, Matrix queryKeyValue, int heads, RunObserver? observer)
    {
        for (int index = 0; index < plan.Stages.Length; index++)
        {
            TokenStage stage = plan.Stages[index];
            if (stage.Block != block || stage.Position != position)
                continue;
            observer?.OnSelection(index, rows);
            engine.Threads.For(rows.Sequences, new ReduceWork(this, engine, stage, rows, prefix, queryKeyValue, heads));
            for (int s = 0; s < rows.Sequences; s++)
            {
                Require(stage.Reducer, maps[s].Group, rows.SizesOf(s).Length, prefix);
                rows.Heads.Follow(s, heads, maps[s]);
                observer?.OnMap(index, s, maps[s]);
            }

            rows.Apply(engine.Threads, maps.AsMemory(0, rows.Sequences));
        }
    }

    static void Require(ITokenReducer reducer, ReadOnlySpan<int> group, int tokens, int prefix)
    {
        if (group.Length != tokens)
            throw new InvalidOperationException($"{reducer.GetType().Name} answered for {group.Length} tokens, not {tokens}.");
        for (int i = 0; i < tokens; i++)
            if (i < prefix ? group[i] != i : (uint)group[i] < (uint)prefix)
                throw new InvalidOperationException($"{reducer.GetType().Name} puts token {i} into group {group[i]}; the {prefix} prefix tokens survive alone and first.");
    }

    // Where there is no class token to look, methods that ask what it looks at see what every token receives.
    TokenSignals Granted(ITokenReducer reducer) =>
        reducer.Needs | (!hasClassToken && (reducer.Needs & TokenSignals.ClassAttention) != 0 ? TokenSignals.Received : TokenSignals.None);

    static AttentionRequest Request(TokenSignals needs) =>
        ((needs & TokenSignals.ClassAttention) != 0 ? AttentionRequest.ClassRow : 0)
        | ((needs & TokenSignals.Received) != 0 ? AttentionRequest.Received : 0)
        | ((needs & TokenSignals.Attention) != 0 ? AttentionRequest.Full : 0)
        | ((needs & TokenSignals.HeadMagnitude) != 0 ? AttentionRequest.HeadMagnitude : 0)
        | ((needs & TokenSignals.HeadEntropy) != 0 ? AttentionRequest.HeadEntropy : 0);

    readonly struct ReduceWork(Reduction reduction, Engine engine, TokenStage stage, TokenRows rows, int prefix, Matrix queryKeyValue, int heads) : IWork
    {
        public void Run(int sequence, int worker)
        {
            TokenView view = View(sequence);
            int remove = stage.CountToRemove(view.Patches);
            reduction.maps[sequence] = remove == 0 && !stage.Reducer.Remembers ? TokenMap.Identity(view.Count) : stage.Reducer.Reduce(view, remove);
        }

        TokenView View(int sequence)
        {
            int first = rows.Offsets[sequence], count = rows.Offsets[sequence + 1] - first;
            TokenSignals needs = reduction.Granted(stage.Reducer);
            return new(
                needs,
                prefix,
                rows.SizesOf(sequence),
                rows.Sequence(sequence),
                (needs & TokenSignals.Input) != 0 ? reduction.input.SliceRows(first, count) : default,
                (needs & TokenSignals.QueryKeyValue) != 0 ? queryKeyValue.SliceRows(first, count) : default,
                heads,
                reduction.signals,
                sequence)
            {
                HasClassToken = reduction.HasClassToken,
                Kernels = engine.Kernels,
                Threads = engine.Threads,
                Places = rows.PlacesOf(sequence),
                Grid = reduction.Grid,
                Carried = rows.CarriedOf(sequence),
                HeadScores = rows.Heads.ScoresOf(sequence, heads),
                ActiveHeads = rows.Heads.ActiveOf(sequence, heads),
                Mates = rows.Sequences,
                MateOf = stage.Reducer.DependsOnBatch ? View : null,
            };
        }
    }
}
