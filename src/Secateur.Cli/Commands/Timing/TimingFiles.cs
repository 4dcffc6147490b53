using System.Collections.Immutable;
using Secateur.Evaluation.Timing;
using Secateur.Models.Tokens;

namespace Secateur.Cli.Commands.Timing;

/// <summary>Where timings are kept.</summary>
internal sealed class TimingFiles
{
    readonly string? target;
    readonly bool folder;
    readonly bool sizes;

    /// <summary>Settles the names before anything is measured.</summary>
    /// <param name="output">What was typed; null to keep nothing.</param>
    /// <param name="plans">The plans.</param>
    /// <param name="batches">The batch sizes.</param>
    /// <exception cref="UsageException">One file is named for several timings.</exception>
    public TimingFiles(string? output, ImmutableArray<TokenPlan> plans, ImmutableArray<int> batches)
    {
        target = output;
        sizes = batches.Length > 1;
        bool several = plans.Length > 1 || sizes;
        folder = output is not null && (Directory.Exists(output) || Path.EndsInDirectorySeparator(output) || (several && !output.EndsWith(".json", StringComparison.OrdinalIgnoreCase)));
        if (output is not null && several && !folder)
            throw new UsageException($"--output {output} is one file, and there are {Math.Max(1, plans.Length) * batches.Length} timings; name a folder.");
    }

    /// <summary>Writes them.</summary>
    /// <param name="timed">What was measured.</param>
    /// <returns>The files.</returns>
    public IReadOnlyList<string> Save(IReadOnlyList<TimedPlan> timed)
    {
        List<string> files = [];
        if (target is null)
            return files;
        foreach (PlanTiming timing in timed.Select(one => one.Timing))
        {
            string file = folder ? Free(files, Name(timing)) : target;
            PlanTimingFile.Save(timing, file);
            files.Add(file);
        }

        return files;
    }

    string Name(PlanTiming timing)
    {
        string name = string.Concat(timing.Name.Take(80).Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : '-')).Trim('-');
        return (name.Length > 0 ? name : "plan") + (sizes ? $".batch-{timing.Batch}" : "");
    }

    string Free(List<string> files, string name)
    {
        string path = Path.Combine(target!, $"{name}.json");
        for (int i = 2; files.Contains(path); i++)
            path = Path.Combine(target!, $"{name}.{i}.json");
        return path;
    }
}
