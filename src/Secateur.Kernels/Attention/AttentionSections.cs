using System.Numerics;

namespace Secateur.Kernels;

/// <summary>
/// Sums over the rows of each head, kept for a fixed number of sections of its rows: whoever computes a section, the sections are
/// added up in the same order.
/// </summary>
internal sealed class AttentionSections
{
    /// <summary>Sections of a head; the most parts that a head is computed in.</summary>
    internal const int Count = 8;

    const int StatisticsRoom = 16;

    AlignedBuffer sums = new(0);
    int stride;

    /// <summary>Makes room for sums over <paramref name="tokens"/> columns of each of <paramref name="pairs"/> heads of sequences.</summary>
    internal void Prepare(int pairs, int tokens)
    {
        stride = AttentionSignals.PaddedLength(tokens) + StatisticsRoom;
        int floats = checked(pairs * Count * stride);
        if (sums.Length < floats)
            sums = new AlignedBuffer(floats);
    }

    /// <summary>Column sums of a section, [padded tokens].</summary>
    internal unsafe float* Received(int pair, int section) => sums.Pointer + Start(pair, section) + StatisticsRoom;

    internal void Clear(int pair, int section) => sums.Span.Slice(Start(pair, section), stride).Clear();

    internal void AddStatistics(int pair, int section, double magnitude, double entropy)
    {
        Span<float> statistics = sums.Span.Slice(Start(pair, section), 2);
        statistics[0] += (float)magnitude;
        statistics[1] += (float)entropy;
    }

    /// <summary>Adds up the sections of one head into the signals.</summary>
    internal void Gather(int pair, int tokens, AttentionSignals signals, int sequence, int head)
    {
        if ((signals.Request & AttentionRequest.Received) != 0)
        {
            Span<float> received = signals.ReceivedBuffer.Span.Slice(signals.VectorOffset(sequence, head), tokens);
            received.Clear();
            for (int section = 0; section < Count; section++)
            {
                ReadOnlySpan<float> part = sums.Span.Slice(Start(pair, section) + StatisticsRoom, tokens);
                int j = 0;
                for (; j <= received.Length - Vector<float>.Count; j += Vector<float>.Count)
                    (new Vector<float>(received[j..]) + new Vector<float>(part[j..])).CopyTo(received[j..]);
                for (; j < received.Length; j++)
                    received[j] += part[j];
            }
        }

        if ((signals.Request & AttentionRequest.HeadStatistics) != 0)
        {
            double magnitude = 0, entropy = 0;
            for (int section = 0; section < Count; section++)
            {
                magnitude += sums.Span[Start(pair, section)];
                entropy += sums.Span[Start(pair, section) + 1];
            }

            Span<float> statistics = signals.HeadBuffer.Span.Slice(signals.StatisticOffset(sequence, head), 2);
            (statistics[0], statistics[1]) = ((float)magnitude, (float)(entropy / Math.Max(tokens, 1)));
        }
    }

    int Start(int pair, int section) => ((pair * Count) + section) * stride;
}
