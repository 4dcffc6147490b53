namespace Secateur.Evaluation.Profiling;

/// <summary>Which numbers of tokens are worth measuring.</summary>
internal static class TokenGrid
{
    /// <summary>Intervals of the coarse grid.</summary>
    const int Coarse = 28;

    /// <summary>Counts below the full one that are measured one by one: the coarse grid cannot see steps closer than its stride.</summary>
    const int Window = 16;

    /// <summary>Counts at once between two that differ suspiciously.</summary>
    const int Inside = 15;

    /// <summary>The counts to begin with.</summary>
    /// <param name="from">The fewest tokens.</param>
    /// <param name="to">The most.</param>
    /// <param name="stride">From one to the next, from the top down; null for a coarse grid that <see cref="Refine"/> completes.</param>
    /// <returns>In no particular order, each once.</returns>
    public static SortedSet<int> Initial(int from, int to, int? stride)
    {
        var counts = new SortedSet<int> { from, to };
        int step = stride ?? Math.Max(1, (to - from + Coarse - 1) / Coarse);
        for (int tokens = to; tokens >= from; tokens -= step)
            counts.Add(tokens);
        for (int tokens = to; stride is null && tokens >= from && tokens > to - Window; tokens--)
            counts.Add(tokens);
        return counts;
    }

    /// <summary>The counts that a coarse grid lacks around what may be steps.</summary>
    /// <param name="points">What was measured, by rising number of tokens.</param>
    /// <returns>New counts; none when every step is known exactly.</returns>
    public static SortedSet<int> Refine(ReadOnlySpan<LatencyPoint> points)
    {
        var counts = new SortedSet<int>();
        if (points.Length < 2)
            return counts;

        int from = points[0].Tokens, to = points[^1].Tokens;

        // Several steps among the counts that were measured one by one: there are more than the coarse grid can show.
        if (StepDetection.Steps(points[Math.Max(0, points.Length - Window)..]).Length > 1)
            Fill(from, to, 1);
        foreach (LatencyStep suspect in StepDetection.Suspects(points))
            Fill(suspect.Tokens, suspect.Next, Math.Max(1, (suspect.Next - suspect.Tokens) / (Inside + 1)));
        foreach (LatencyPoint point in points)
            counts.Remove(point.Tokens);
        return counts;

        void Fill(int first, int last, int stride)
        {
            for (int tokens = first + stride; tokens < last; tokens += stride)
                counts.Add(tokens);
        }
    }
}
