using System.Collections.Immutable;
using Secateur.Evaluation.Accuracy;
using Secateur.Evaluation.Datasets;
using Secateur.Models.Vit;

namespace Secateur.Evaluation.Sweeps;

/// <summary>Measures cells. What is done is on disk: a run that was stopped, or killed, goes on where it was.</summary>
/// <param name="network">The network.</param>
/// <param name="pictures">The pictures.</param>
/// <param name="manifest">What is measured.</param>
/// <param name="folder">Where the files go.</param>
/// <param name="shard">Which part of the pictures.</param>
public sealed class CellRun(VisionTransformer network, PictureSet pictures, ResultsManifest manifest, ResultsFolder folder, Shard shard)
{
    readonly PictureRun run = new(network, pictures, manifest.Batch);

    /// <summary>The most pictures that may be unreadable before a run fails.</summary>
    public int MostBad { get; init; }

    /// <summary>Told of each picture that cannot be read.</summary>
    public Action<BadPicture>? OnBad { get; init; }

    /// <summary>The pictures of this part.</summary>
    public PictureRange Range => shard.Pictures(pictures.Count, manifest.Batch);

    /// <summary>What was measured of a cell.</summary>
    /// <param name="cell">The cell.</param>
    /// <returns>Null where it was not, or not to the end, or under other settings.</returns>
    /// <exception cref="InvalidDataException">Its file is damaged.</exception>
    /// <exception cref="TooManyBadPicturesException">It left out more pictures than <see cref="MostBad"/>.</exception>
    public CellResult? Known(SweepCell cell)
    {
        if (Read(cell) is not { } known)
            return null;
        RequireFewBad(known.Bad.Length, $" They were left out of {folder.Cell(cell.Name, shard)}: remove it to try them again.");

        // There still is one where a process was killed just before it had nothing left to do.
        File.Delete(folder.Journal(cell.Name, shard));
        return known;
    }

    CellResult? Read(SweepCell cell)
    {
        ArgumentNullException.ThrowIfNull(cell);
        string path = folder.Cell(cell.Name, shard);
        return File.Exists(path) && (!cell.IsDense || File.Exists(folder.DenseLogits(shard)))
            && CellFile.Load(path, manifest.Classes) is var known && known.Identity == manifest.IdentityOf(cell) && known.Range == Range ? known : null;
    }

    /// <summary>Measures a cell, or reads what was measured before.</summary>
    /// <param name="cell">The cell; the dense one must be done before any other.</param>
    /// <param name="progress">Told how many pictures are done: first what was done before.</param>
    /// <param name="cancellation">Asks to stop; chunks that were begun are finished and kept.</param>
    /// <returns>The answers for <see cref="Range"/>.</returns>
    /// <exception cref="OperationCanceledException">It was stopped; the same call goes on.</exception>
    /// <exception cref="TooManyBadPicturesException">More pictures than <see cref="MostBad"/> cannot be read.</exception>
    public CellResult Run(SweepCell cell, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(cell);
        string identity = manifest.IdentityOf(cell), path = folder.Cell(cell.Name, shard), raw = folder.DenseLogits(shard);
        if (Known(cell) is { } known)
            return known;

        // Until the dense cell is done, some of its answers are zeros.
        if (!cell.IsDense && !(File.Exists(raw) && File.Exists(folder.Cell(SweepCell.Dense.Name, shard))))
            throw new InvalidDataException($"{raw} is missing or not finished; the dense network must be measured before {cell.Name}.");
        Dictionary<int, CellJournal.Chunk> chunks = [];
        using CellJournal journal = CellJournal.Open(folder.Journal(cell.Name, shard), identity, PicturesOf, manifest.Classes, chunks);
        if (!File.Exists(raw))
        {
            // Without the raw answers what the dense cell has is worth nothing.
            journal.Clear(identity);
            chunks.Clear();
        }

        using LogitsFile dense = cell.IsDense ? LogitsFile.OpenOrMake(raw, Range.Count, manifest.Classes) : LogitsFile.Open(raw, Range.Count, manifest.Classes);

        // Pictures that could not be read may have been mended meanwhile: their chunks are measured again.
        foreach (CellJournal.Chunk chunk in chunks.Values.Where(chunk => chunk.Bad.Count > 0).ToArray())
            chunks.Remove(chunk.Index);
        int counted = chunks.Values.Sum(chunk => chunk.Answers.Count), bad = 0;
        var row = new float[manifest.Classes];
        (int first, int end) = shard.Chunks(run.Chunks);
        int[] left = [.. Enumerable.Range(first, end - first).Where(index => !chunks.ContainsKey(index))];
        progress?.Report(counted);
        run.Run(cell.Plan, left, Keep, cancellation);
        CellResult result = Together(cell, chunks.Values);
        CellFile.Save(result, path);
        journal.Dispose();
        File.Delete(folder.Journal(cell.Name, shard));
        return result;

        void Keep(PictureChunk chunk)
        {
            var answers = Answers(chunk, cell.IsDense, dense, row);
            CellJournal.Chunk kept = new(chunk.Index, answers, [.. chunk.Bad]);
            journal.Add(kept);
            chunks.Add(chunk.Index, kept);
            foreach (BadPicture picture in chunk.Bad)
                OnBad?.Invoke(picture);
            RequireFewBad(bad += chunk.Bad.Count);
            progress?.Report(counted += answers.Length);
        }
    }

    /// <summary>What a cell has, to its end or not.</summary>
    /// <param name="cell">The cell.</param>
    /// <returns>The answers for <see cref="Range"/>; pictures that were not reached stand there like ones that could not be read, but are not among <see cref="CellResult.Bad"/>.</returns>
    /// <exception cref="InvalidDataException">Its file is damaged.</exception>
    public CellResult SoFar(SweepCell cell)
    {
        if (Read(cell) is { } known)
            return known;
        Dictionary<int, CellJournal.Chunk> chunks = [];
        CellJournal.Open(folder.Journal(cell.Name, shard), manifest.IdentityOf(cell), PicturesOf, manifest.Classes, chunks).Dispose();
        return Together(cell, chunks.Values);
    }

    CellResult Together(SweepCell cell, IEnumerable<CellJournal.Chunk> chunks)
    {
        var answers = new PictureAnswer[Range.Count];
        Array.Fill(answers, PictureAnswer.Bad);
        var bad = ImmutableArray.CreateBuilder<BadPicture>();
        foreach (CellJournal.Chunk chunk in chunks.OrderBy(chunk => chunk.Index))
        {
            for (int i = 0; i < chunk.Answers.Count; i++)
                answers[First(chunk.Index) - Range.From + i] = chunk.Answers[i];
            bad.AddRange(chunk.Bad);
        }

        return new(cell.Name, manifest.IdentityOf(cell), Range, [.. answers], bad.ToImmutable());
    }

    PictureAnswer[] Answers(PictureChunk chunk, bool isDense, LogitsFile dense, float[] row)
    {
        var answers = new PictureAnswer[PicturesOf(chunk.Index)!.Value.Count];
        Array.Fill(answers, PictureAnswer.Bad);
        for (int i = 0; i < chunk.Count; i++)
        {
            int picture = chunk.Pictures[i];
            ReadOnlySpan<float> logits = chunk.Logits.Slice(i * manifest.Classes, manifest.Classes);
            if (isDense)
                dense.Write(picture - Range.From, logits);
            else
                dense.Read(picture - Range.From, row);
            PictureAnswer answer = Answering.Of(logits, isDense ? [] : row, chunk.MacsOf(i))
                ?? throw new InvalidDataException($"What the network answers for {pictures.Source[picture].Name} are no finite numbers; its weights are damaged, or too large for its arithmetic.");
            answers[picture - chunk.First] = answer with { SelectionMacs = chunk.SelectionMacsOf(i) };
        }

        return answers;
    }

    void RequireFewBad(int bad, string more = "")
    {
        if (bad > MostBad)
            throw new TooManyBadPicturesException($"{bad} of {Range.Count} pictures cannot be read, and at most {MostBad} may be left out; mend them, or allow more with --max-bad.{more}");
    }

    int First(int chunk) => (int)Math.Min((long)chunk * manifest.Batch, pictures.Count);

    (int From, int Count)? PicturesOf(int chunk) => shard.Chunks(run.Chunks) is var (from, to) && chunk >= from && chunk < to ? (First(chunk), First(chunk + 1) - First(chunk)) : null;
}
