namespace Secateur.Kernels;

/// <summary>Working memory of attention: one area a worker, grown when a longer sequence comes.</summary>
public sealed class AttentionScratch
{
    AlignedBuffer[] areas = [];

    internal AttentionSections Sections { get; } = new();

    /// <summary>Makes sure that each of <paramref name="workers"/> areas holds <paramref name="floats"/> floats.</summary>
    internal void Prepare(int workers, int floats)
    {
        if (areas.Length >= workers && areas[0].Length >= floats)
            return;
        areas = new AlignedBuffer[workers];
        for (int i = 0; i < workers; i++)
            areas[i] = new AlignedBuffer(floats);
    }

    internal AlignedBuffer Area(int worker) => areas[worker];
}
