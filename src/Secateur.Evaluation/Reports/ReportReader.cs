using System.Collections.Immutable;
using Secateur.Compression;
using Secateur.Evaluation.Accuracy;
using Secateur.Evaluation.Datasets;
using Secateur.Evaluation.Profiling;
using Secateur.Evaluation.Sweeps;
using Secateur.Evaluation.Timing;

namespace Secateur.Evaluation.Reports;

/// <summary>Reads a folder of results. Cells that are not measured yet and times of other weights are left out and named; cells of another run are refused.</summary>
public static class ReportReader
{
    /// <summary>Reads a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="profile">The device's latency against tokens; null for the folder's own, where it has one.</param>
    /// <returns>What it says.</returns>
    /// <exception cref="InvalidDataException">A file is damaged or belongs to another run, or the dense network was not measured.</exception>
    /// <exception cref="PlanException">A plan cannot be used.</exception>
    /// <exception cref="LatencyProfileException">The profile cannot be used.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static Report Load(ResultsFolder folder, string? profile = null)
    {
        ArgumentNullException.ThrowIfNull(folder);
        if (!File.Exists(folder.Manifest))
            throw new InvalidDataException($"{folder.Path} holds no results.json; is it a folder that secateur eval or secateur sweep wrote?");
        ResultsManifest manifest = ResultsManifestFile.Load(folder);
        ImmutableArray<PictureEntry> pictures = PictureListFile.Load(folder.Pictures);
        if (pictures.Length != manifest.Count)
            throw new InvalidDataException($"{folder.Pictures} names {pictures.Length} pictures, and {folder.Manifest} says {manifest.Count}; they are of different runs.");
        CellResult dense = Cell(SweepCell.Dense)
            ?? throw new InvalidDataException($"{folder.Cell(SweepCell.Dense.Name, Shard.Whole)} is not there: the dense network, with which all is compared, is not measured yet. {Parts()}");
        var rows = ImmutableArray.CreateBuilder<ReportRow>();
        var missing = ImmutableArray.CreateBuilder<string>();
        var foreign = ImmutableArray.CreateBuilder<string>();
        rows.Add(Row(SweepCell.Dense, dense));
        foreach (SweepCell cell in manifest.Cells.Where(cell => !cell.IsDense))
            if (Cell(cell) is { } result)
                rows.Add(Row(cell, result));
            else
                missing.Add(cell.Name);
        return new(manifest, pictures, Named(rows), missing.ToImmutable())
        {
            ForeignTimings = foreign.ToImmutable(),
            Profile = profile is not null ? LatencyProfileFile.Load(profile) : File.Exists(folder.Profile) ? LatencyProfileFile.Load(folder.Profile) : null,
        };

        CellResult? Cell(SweepCell cell)
        {
            string path = folder.Cell(cell.Name, Shard.Whole);
            if (!File.Exists(path))
                return null;
            CellResult result = CellFile.Load(path, manifest.Classes);
            if (result.Cell != cell.Name || !result.Range.IsWhole || result.Range.Of != manifest.Count || result.Identity != manifest.IdentityOf(cell))
                throw new InvalidDataException($"{path} is not of the run that {folder.Manifest} describes: another plan, network, set of pictures or version. Measure it again, or put its own results.json back.");
            return result;
        }

        ReportRow Row(SweepCell cell, CellResult result)
        {
            AccuracySummary accuracy = AccuracySummary.Of(result, dense, pictures);
            double outer = manifest.DenseMacs.Total - manifest.DenseMacs.Blocks;
            return new(cell, result, accuracy, Timing(cell), Math.Max(0, accuracy.Macs - accuracy.SelectionMacs - outer));
        }

        PlanTiming? Timing(SweepCell cell)
        {
            string path = folder.Latency(cell.Name);
            PlanTiming? timing = File.Exists(path) ? PlanTimingFile.Load(path) : null;
            if (timing is null || timing.Weights == manifest.Weights)
                return timing;
            foreign.Add(cell.Name);
            return null;
        }

        string Parts() => Directory.Exists(Path.Combine(folder.Path, "cells")) && Directory.EnumerateFiles(Path.Combine(folder.Path, "cells"), "*-of-*.json").Any()
            ? "The folder holds parts of several machines; put them together first (secateur merge)."
            : "Run the same command again; it goes on where it was.";
    }

    /// <summary>Titles without a seed where there is only one.</summary>
    static ImmutableArray<ReportRow> Named(IReadOnlyList<ReportRow> rows) =>
        [.. rows.Select(row => row with { SeedMatters = rows.Any(other => other != row && other.Series == row.Series && other.Cell.Budget == row.Cell.Budget) })];
}
