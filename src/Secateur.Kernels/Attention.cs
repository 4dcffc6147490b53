using Secateur.Kernels.Simd;

namespace Secateur.Kernels;

/// <summary>Scaled dot-product attention of one sequence and one head at a time.</summary>
internal static unsafe class Attention<T>
    where T : unmanaged, ISimd<T>
{
    internal static void Run(
        Threads threads, Matrix qkv, ReadOnlyMemory<int> offsets, int heads, ReadOnlyMemory<float> keyBias, Matrix output, AttentionSignals? signals, AttentionScratch scratch)
    {
        int longest = 0;
        for (int s = 0; s + 1 < offsets.Length; s++)
            longest = Math.Max(longest, offsets.Span[s + 1] - offsets.Span[s]);
        scratch.Prepare(threads.Count, longest);
        threads.For((offsets.Length - 1) * heads, new Work(qkv, offsets, heads, keyBias, output, signals, scratch));
    }

    readonly struct Work(
        Matrix qkv, ReadOnlyMemory<int> offsets, int heads, ReadOnlyMemory<float> keyBias, Matrix output, AttentionSignals? signals, AttentionScratch scratch) : IWork
    {
        public void Run(int task, int worker)
        {
            int sequence = task / heads, head = task % heads, width = qkv.Columns / 3, d = width / heads;
            int first = offsets.Span[sequence], n = offsets.Span[sequence + 1] - first;
            float scale = 1 / MathF.Sqrt(d);
            AttentionRequest request = signals?.Request ?? AttentionRequest.None;
            Span<float> row = scratch.Area(worker).Span[..n];
            Span<float> received = (request & AttentionRequest.Received) == 0 ? default : signals!.ReceivedBuffer.Span.Slice(signals.VectorOffset(sequence, head), n);
            received.Clear();
            double magnitude = 0, entropy = 0;
            for (int i = 0; i < n; i++)
            {
                ReadOnlySpan<float> q = qkv.Row(first + i).Slice(head * d, d);
                for (int j = 0; j < n; j++)
                {
                    ReadOnlySpan<float> k = qkv.Row(first + j).Slice(width + (head * d), d);
                    float dot = 0;
                    for (int c = 0; c < d; c++)
                        dot += q[c] * k[c];
                    row[j] = (dot * scale) + (keyBias.IsEmpty ? 0 : keyBias.Span[first + j]);
                }

                fixed (float* p = row)
                    Softmax<T>.Run(p, n);
                Span<float> to = output.Row(first + i).Slice(head * d, d);
                to.Clear();
                for (int j = 0; j < n; j++)
                {
                    ReadOnlySpan<float> v = qkv.Row(first + j).Slice((2 * width) + (head * d), d);
                    for (int c = 0; c < d; c++)
                        to[c] += row[j] * v[c];
                    if (!received.IsEmpty)
                        received[j] += row[j];
                    if ((request & AttentionRequest.HeadStatistics) != 0 && row[j] > 0)
                        entropy -= row[j] * Math.Log(row[j]);
                }

                foreach (float value in to)
                    magnitude += Math.Abs(value);
                if (i == 0 && (request & AttentionRequest.ClassRow) != 0)
                    row.CopyTo(signals!.ClassRowBuffer.Span[signals.VectorOffset(sequence, head)..]);
                if ((request & AttentionRequest.Full) != 0)
                    row.CopyTo(signals!.Full(sequence, head).Row(i));
            }

            if ((request & AttentionRequest.HeadStatistics) != 0)
            {
                Span<float> statistics = signals!.HeadBuffer.Span.Slice(signals.StatisticOffset(sequence, head), 2);
                (statistics[0], statistics[1]) = ((float)magnitude, (float)(entropy / n));
            }
        }
    }
}
