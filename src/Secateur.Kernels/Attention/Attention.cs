using Secateur.Kernels.Simd;

namespace Secateur.Kernels;

/// <summary>
/// Scaled dot-product attention (Vaswani et al., 2017). A task is one head of one sequence, or a part of its query rows where heads are too
/// few for the threads. Each row is computed alone and signals are summed over fixed sections of rows, so that neither the number
/// of threads nor the split changes a bit.
/// </summary>
internal static unsafe class Attention<T>
    where T : unmanaged, ISimd<T>
{
    /// <summary>What copying the keys and values of a head costs (each part of a head does it again), in query rows of the same head.</summary>
    const double PackingRows = 6;

    internal static void Run(
        Threads threads, Matrix qkv, ReadOnlyMemory<int> offsets, int heads, ReadOnlyMemory<bool> active, ReadOnlyMemory<float> keyBias, Matrix output, AttentionSignals? signals, AttentionScratch scratch)
    {
        int longest = Check(qkv, offsets.Span, heads, keyBias, output);
        int pairs = (offsets.Length - 1) * heads, dimension = output.Columns / heads, parts = Parts(pairs, longest, threads.Count);
        if (!active.IsEmpty && active.Length < pairs)
            throw new ArgumentException($"There are {pairs} heads of sequences and flags for only {active.Length} of them.", nameof(active));
        AttentionSections? sections = null;
        if (signals is not null && (signals.Request & (AttentionRequest.Received | AttentionRequest.HeadStatistics)) != 0)
        {
            sections = scratch.Sections;
            sections.Prepare(pairs, longest);
        }

        scratch.Prepare(threads.Count, AttentionArea<T>.Floats(longest, dimension));
        threads.For(pairs * parts, new Work(qkv, offsets, heads, active, parts, keyBias, output, signals, sections, scratch));
        if (sections is not null)
            threads.For(pairs, new Gathering(signals!, sections, offsets, heads));
    }

    static int Check(Matrix qkv, ReadOnlySpan<int> offsets, int heads, ReadOnlyMemory<float> keyBias, Matrix output)
    {
        if (heads <= 0 || output.Columns == 0 || output.Columns % heads != 0 || qkv.Columns != 3 * output.Columns || output.Rows != qkv.Rows)
            throw new ArgumentException($"Queries, keys and values of [{qkv.Rows}, {qkv.Columns}] with {heads} heads cannot fill [{output.Rows}, {output.Columns}].");
        if (offsets.Length == 0 || offsets[0] < 0 || offsets[^1] > qkv.Rows)
            throw new ArgumentException($"The offsets must start at 0 or later and end within {qkv.Rows} rows.", nameof(offsets));
        if (!keyBias.IsEmpty && keyBias.Length < offsets[^1])
            throw new ArgumentException($"There are {offsets[^1]} rows and biases for only {keyBias.Length} of them.", nameof(keyBias));
        int longest = 0;
        for (int s = 0; s + 1 < offsets.Length; s++)
        {
            if (offsets[s + 1] < offsets[s])
                throw new ArgumentException($"Sequence {s} ends before it starts: from row {offsets[s]} to row {offsets[s + 1]}.", nameof(offsets));
            longest = Math.Max(longest, offsets[s + 1] - offsets[s]);
        }

        return longest;
    }

    /// <summary>Into how many parts to cut each head: the number that lets the last thread finish first.</summary>
    static int Parts(int pairs, int longest, int threads)
    {
        int best = 1;
        double shortest = double.PositiveInfinity;
        for (int parts = 1; parts <= AttentionSections.Count; parts *= 2)
        {
            double time = ((pairs * parts) + threads - 1) / threads * (((double)longest / parts) + PackingRows);
            if (time < shortest)
                (best, shortest) = (parts, time);
        }

        return best;
    }

    readonly struct Work(
        Matrix qkv, ReadOnlyMemory<int> offsets, int heads, ReadOnlyMemory<bool> active, int parts, ReadOnlyMemory<float> keyBias, Matrix output,
        AttentionSignals? signals, AttentionSections? sections, AttentionScratch scratch) : IWork
    {
        public void Run(int task, int worker)
        {
            int part = task % parts, pair = task / parts, sequence = pair / heads, head = pair % heads;
            int first = offsets.Span[sequence], tokens = offsets.Span[sequence + 1] - first, dimension = output.Columns / heads;
            if (tokens == 0)
                return;
            if (!active.IsEmpty && !active.Span[pair])
            {
                Skip(part, pair, output.SliceRows(first, tokens).SliceColumns(head * dimension, dimension));
                return;
            }

            var area = new AttentionArea<T>(scratch.Area(worker), tokens, dimension);
            float* q = qkv.Pointer + ((nint)first * qkv.Stride) + (head * dimension);
            AttentionPacking<T>.Keys(q + output.Columns, qkv.Stride, area);
            AttentionPacking<T>.Values(q + (2 * output.Columns), qkv.Stride, area);
            AttentionPacking<T>.Bias(keyBias.IsEmpty ? default : keyBias.Span.Slice(first, tokens), area);
            var block = new AttentionBlock<T>(area, !keyBias.IsEmpty, signals, sections, sequence, head, pair);
            int blocks = (tokens + Tile<T>.MaxRows - 1) / Tile<T>.MaxRows;
            float* to = output.Pointer + ((nint)first * output.Stride) + (head * dimension);
            for (int section = AttentionSections.Count * part / parts; section < AttentionSections.Count * (part + 1) / parts; section++)
            {
                sections?.Clear(pair, section);
                for (int i = blocks * section / AttentionSections.Count; i < blocks * (section + 1) / AttentionSections.Count; i++)
                {
                    // Blocks of nearly equal height, so that none is too low to be fast.
                    int row = (int)((long)tokens * i / blocks), rows = (int)((long)tokens * (i + 1) / blocks) - row;
                    block.Run(q + ((nint)row * qkv.Stride), qkv.Stride, row, rows, to + ((nint)row * output.Stride), output.Stride, section);
                }
            }
        }

        // What a head that is left out yields: zeros, written by its first part.
        void Skip(int part, int pair, Matrix to)
        {
            if (part != 0)
                return;
            for (int i = 0; i < to.Rows; i++)
                to.Row(i).Clear();
            for (int section = 0; section < AttentionSections.Count; section++)
                sections?.Clear(pair, section);
            signals?.ClearHead(pair / heads, pair % heads);
        }
    }

    readonly struct Gathering(AttentionSignals signals, AttentionSections sections, ReadOnlyMemory<int> offsets, int heads) : IWork
    {
        public void Run(int pair, int worker)
        {
            int sequence = pair / heads;
            sections.Gather(pair, offsets.Span[sequence + 1] - offsets.Span[sequence], signals, sequence, pair % heads);
        }
    }
}
