using Secateur.Compression;
using Secateur.Evaluation.Datasets;
using Secateur.Evaluation.Sweeps;

namespace Secateur.Tests.Sweeps;

public sealed class HostileResultsTests : IDisposable
{
    static readonly int Classes = SceneGenerator.Classes.Count;

    readonly TemporaryFolder folder = new();
    readonly ResultsFolder results;

    public HostileResultsTests()
    {
        results = new(folder["results"]);
        SmallSweep.Run(results, Shard.Whole, count: 3);
    }

    [Fact]
    public void Damaged_results_are_read_or_refused_and_nothing_else()
    {
        Damage(results.Manifest, () => ResultsManifestFile.Load(results));
        Damage(results.Pictures, () => PictureListFile.Load(results.Pictures));
        string cell = results.Cell("tome-0.7", Shard.Whole);
        Damage(cell, () => CellFile.Load(cell, Classes));
    }

    [Fact]
    public void A_damaged_journal_loses_what_is_damaged_and_nothing_before()
    {
        string path = folder["journal"];
        CellResult known = CellFile.Load(results.Cell("dense", Shard.Whole), Classes);
        using (CellJournal journal = CellJournal.Open(path, "identity", Pictures, Classes, new()))
            for (int i = 0; i < known.Answers.Length; i++)
                journal.Add(new(i, [known.Answers[i]], []));
        string[] lines = File.ReadAllLines(path);
        Assert.Equal(1 + known.Answers.Length, lines.Length);
        for (int damaged = 0; damaged < lines.Length; damaged++)
        {
            File.WriteAllLines(path, lines.Select((line, i) => i == damaged ? line.Replace('e', 'f') : line));
            Dictionary<int, CellJournal.Chunk> done = [];
            CellJournal.Open(path, "identity", Pictures, Classes, done).Dispose();
            Assert.Equal(Enumerable.Range(0, Math.Max(0, damaged - 1)), done.Keys.Order());
        }

        (int, int)? Pictures(int chunk) => (uint)chunk < (uint)known.Answers.Length ? (chunk, 1) : null;
    }

    [Theory]
    [InlineData("\"cells\": [", "\"cells\": [{\"name\": \"dense\"},", "cells")]
    [InlineData("\"name\": \"dense\"", "\"name\": \"../dense\"", "cells")]
    [InlineData("\"budget\": 0.7", "\"budget\": 1e999", "budget")]
    [InlineData("\"tool\": \"", "\"tool\": \"\\ud800", "Unicode")]
    [InlineData("\"version\": 1", "\"version\": 2", "version 1")]
    [InlineData("\"count\": 3", "\"count\": -3", "count")]
    public void What_is_no_list_of_results_is_refused_by_what_is_wrong(string good, string bad, string says)
    {
        string text = File.ReadAllText(results.Manifest);
        Assert.Contains(good, text);
        File.WriteAllText(results.Manifest, text.Replace(good, bad, StringComparison.Ordinal));
        string message = Assert.Throws<InvalidDataException>(() => ResultsManifestFile.Load(results)).Message;
        Assert.Contains(results.Manifest, message);
        Assert.Contains(says, message);
    }

    static void Damage(string path, Action read)
    {
        byte[] good = File.ReadAllBytes(path);
        var random = new Random(1);
        int refused = 0, rounds = Fuzz.Rounds(300);
        for (int i = 0; i < rounds; i++)
        {
            byte[] bytes = [.. good];
            for (int change = random.Next(1, 4); change > 0; change--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            File.WriteAllBytes(path, bytes[..random.Next(bytes.Length / 2, bytes.Length + 1)]);
            try
            {
                read();
            }
            catch (Exception e) when (e is InvalidDataException or PlanException or FileNotFoundException)
            {
                refused++;
            }
        }

        File.WriteAllBytes(path, good);
        read();
        Assert.InRange(refused, rounds / 3, rounds);
    }

    public void Dispose() => folder.Dispose();
}
