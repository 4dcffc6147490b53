namespace Secateur.Kernels;

/// <summary>What attention may yield besides its output, at no second pass. Each costs its store and nothing else; none is computed unasked.</summary>
[Flags]
public enum AttentionRequest
{
    /// <summary>Only the output.</summary>
    None = 0,

    /// <summary>The class token's row: how much it attends to every token, per head.</summary>
    ClassRow = 1,

    /// <summary>Column sums: the attention every token receives, per head.</summary>
    Received = 2,

    /// <summary>The whole matrix after softmax, per head.</summary>
    Full = 4,

    /// <summary>Per head: the sum of the magnitudes of its output.</summary>
    HeadMagnitude = 8,

    /// <summary>Per head: the mean entropy of its rows in nats.</summary>
    HeadEntropy = 16,

    /// <summary>Both.</summary>
    HeadStatistics = HeadMagnitude | HeadEntropy,
}

/// <summary>Where attention writes what was asked of it, for a batch of sequences of any lengths; grows and is used again.</summary>
public sealed class AttentionSignals
{
    int[] lengths = [];
    int[] vectorOffsets = [];
    int[] matrixOffsets = [];
    int heads;

    /// <summary>What is asked.</summary>
    public AttentionRequest Request { get; private set; }

    internal AlignedBuffer ClassRowBuffer { get; private set; } = new(0);

    internal AlignedBuffer ReceivedBuffer { get; private set; } = new(0);

    internal AlignedBuffer FullBuffer { get; private set; } = new(0);

    internal AlignedBuffer HeadBuffer { get; private set; } = new(0);

    /// <summary>Makes room for sequences with these bounds.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="offsets">First row of each sequence, and the total at the end, [sequences + 1].</param>
    /// <param name="headCount">Heads of the block.</param>
    public void Prepare(AttentionRequest request, ReadOnlySpan<int> offsets, int headCount)
    {
        Request = request;
        heads = headCount;
        int sequences = offsets.Length - 1;
        if (lengths.Length < sequences)
            (lengths, vectorOffsets, matrixOffsets) = (new int[sequences], new int[sequences], new int[sequences]);
        int vector = 0, matrix = 0;
        for (int s = 0; s < sequences; s++)
        {
            int n = lengths[s] = offsets[s + 1] - offsets[s];
            (vectorOffsets[s], matrixOffsets[s]) = (vector, matrix);
            vector += headCount * PaddedLength(n);
            matrix = checked(matrix + (headCount * n * PaddedLength(n)));
        }

        ClassRowBuffer = Grow(ClassRowBuffer, AttentionRequest.ClassRow, vector);
        ReceivedBuffer = Grow(ReceivedBuffer, AttentionRequest.Received, vector);
        FullBuffer = Grow(FullBuffer, AttentionRequest.Full, matrix);
        HeadBuffer = Grow(HeadBuffer, AttentionRequest.HeadStatistics, sequences * headCount * 2);
    }

    /// <summary>Attention of the first token to every token, [tokens]; asked with <see cref="AttentionRequest.ClassRow"/>.</summary>
    public ReadOnlySpan<float> ClassRow(int sequence, int head) => Vector(AttentionRequest.ClassRow, ClassRowBuffer, sequence, head);

    /// <summary>Attention received by every token (column sums over all queries), [tokens]; asked with <see cref="AttentionRequest.Received"/>.</summary>
    public ReadOnlySpan<float> Received(int sequence, int head) => Vector(AttentionRequest.Received, ReceivedBuffer, sequence, head);

    /// <summary>The attention of one head, [tokens, tokens], row = query; asked with <see cref="AttentionRequest.Full"/>.</summary>
    public Matrix Full(int sequence, int head)
    {
        Require(AttentionRequest.Full);
        int n = lengths[sequence], stride = PaddedLength(n);
        return new(FullBuffer, matrixOffsets[sequence] + (head * n * stride), n, n, stride);
    }

    /// <summary>Sum of the magnitudes of one head's output over tokens and columns; asked with <see cref="AttentionRequest.HeadMagnitude"/>.</summary>
    public float OutputMagnitude(int sequence, int head) => Statistic(AttentionRequest.HeadMagnitude, sequence, head, 0);

    /// <summary>Mean entropy of one head's rows, in nats; asked with <see cref="AttentionRequest.HeadEntropy"/>.</summary>
    public float Entropy(int sequence, int head) => Statistic(AttentionRequest.HeadEntropy, sequence, head, 1);

    /// <summary>Rows of the signals start on cache lines.</summary>
    internal static int PaddedLength(int tokens) => (tokens + 15) / 16 * 16;

    internal unsafe float* FullRow(int sequence, int head, int row) =>
        FullBuffer.Pointer + matrixOffsets[sequence] + ((nint)((head * lengths[sequence]) + row) * PaddedLength(lengths[sequence]));

    /// <summary>A head that is not computed attends to nothing.</summary>
    internal void ClearHead(int sequence, int head)
    {
        int n = lengths[sequence], stride = PaddedLength(n);
        if ((Request & AttentionRequest.ClassRow) != 0)
            ClassRowBuffer.Span.Slice(VectorOffset(sequence, head), n).Clear();
        if ((Request & AttentionRequest.Full) != 0)
            FullBuffer.Span.Slice(matrixOffsets[sequence] + (head * n * stride), n * stride).Clear();
    }

    internal int VectorOffset(int sequence, int head) => vectorOffsets[sequence] + (head * PaddedLength(lengths[sequence]));

    internal int StatisticOffset(int sequence, int head) => ((sequence * heads) + head) * 2;

    float Statistic(AttentionRequest what, int sequence, int head, int which)
    {
        Require(what);
        return HeadBuffer.Span[StatisticOffset(sequence, head) + which];
    }

    ReadOnlySpan<float> Vector(AttentionRequest what, AlignedBuffer buffer, int sequence, int head)
    {
        Require(what);
        return buffer.Span.Slice(VectorOffset(sequence, head), lengths[sequence]);
    }

    void Require(AttentionRequest what)
    {
        if ((Request & what) == 0)
            throw new InvalidOperationException($"The attention signal {what} was not asked for.");
    }

    AlignedBuffer Grow(AlignedBuffer buffer, AttentionRequest what, int length) =>
        (Request & what) == 0 || buffer.Length >= length ? buffer : new(length);
}
