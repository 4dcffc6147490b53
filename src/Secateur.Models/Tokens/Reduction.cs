using Secateur.Kernels;
using Secateur.Models.Layers;

namespace Secateur.Models.Tokens;

/// <summary>Carries out a plan in the course of a run: asks attention for what the methods need, lets them decide, applies the decisions.</summary>
internal sealed class Reduction(int sequences, int tokens, int width)
{
    const TokenSignals FromAttention = TokenSignals.ClassAttention | TokenSignals.Received | TokenSignals.Attention | TokenSignals.HeadStatistics;

    readonly TokenMap[] maps = new TokenMap[sequences];
    readonly AttentionSignals signals = new();
    readonly float[] sizeBias = new float[tokens];
    Matrix input;

    /// <summary>Before a block: keeps its input and prepares attention's signals if a stage of this block looks at them.</summary>
    /// <returns>The prepared signals, or null when nothing is asked.</returns>
    public AttentionSignals? Prepare(TokenPlan plan, int block, TokenRows rows, int heads)
    {
        TokenSignals needs = TokenSignals.None;
        foreach (TokenStage stage in plan.Stages)
            if (stage.Block == block && stage.Position != TokenPosition.BeforeBlock)
                needs |= stage.Reducer.Needs;
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
            engine.Threads.For(rows.Sequences, new ReduceWork(this, engine, stage, rows, prefix, queryKeyValue, heads));
            for (int s = 0; s < rows.Sequences; s++)
            {
                Require(stage.Reducer, maps[s].Group, rows.SizesOf(s).Length, prefix);
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

    static AttentionRequest Request(TokenSignals needs) =>
        ((needs & TokenSignals.ClassAttention) != 0 ? AttentionRequest.ClassRow : 0)
        | ((needs & TokenSignals.Received) != 0 ? AttentionRequest.Received : 0)
        | ((needs & TokenSignals.Attention) != 0 ? AttentionRequest.Full : 0)
        | ((needs & TokenSignals.HeadStatistics) != 0 ? AttentionRequest.HeadStatistics : 0);

    readonly struct ReduceWork(Reduction reduction, Engine engine, TokenStage stage, TokenRows rows, int prefix, Matrix queryKeyValue, int heads) : IWork
    {
        public void Run(int sequence, int worker)
        {
            int first = rows.Offsets[sequence], count = rows.Offsets[sequence + 1] - first;
            TokenSignals needs = stage.Reducer.Needs;
            var view = new TokenView(
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
                Kernels = engine.Kernels,
                Threads = engine.Threads,
            };
            int remove = stage.CountToRemove(view.Patches);
            reduction.maps[sequence] = remove == 0 ? TokenMap.Identity(count) : stage.Reducer.Reduce(view, remove);
        }
    }
}
