using Secateur.Evaluation.Sweeps;

namespace Secateur.Tests.Sweeps;

public sealed class ResultsMergeTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    ResultsFolder In(string name) => new(folder[name]);

    ResultsFolder[] Parts(int of, Func<int, string> name)
    {
        for (int i = 1; i <= of; i++)
            SmallSweep.Run(In(name(i)), new(i, of));
        return [.. Enumerable.Range(1, of).Select(i => In(name(i))).DistinctBy(one => one.Path)];
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)] // more parts than chunks
    public void Parts_put_together_are_bit_for_bit_what_one_machine_makes(int parts)
    {
        SmallSweep.Run(In("alone"), Shard.Whole);
        ResultsMerge.Merge([.. Parts(parts, i => $"machine{i}")], In("merged"));
        Assert.Equal(SmallSweep.Files(folder["alone"]), SmallSweep.Files(folder["merged"]));
    }

    [Fact]
    public void In_one_folder_the_parts_become_the_whole_and_again_is_no_harm()
    {
        SmallSweep.Run(In("alone"), Shard.Whole);
        ResultsFolder[] shared = Parts(3, _ => "shared");
        ResultsMerge.Merge([.. shared], shared[0]);
        Assert.Equal(SmallSweep.Files(folder["alone"]), SmallSweep.Files(folder["shared"]));
        ResultsMerge.Merge([.. shared], shared[0]);
        Assert.Equal(SmallSweep.Files(folder["alone"]), SmallSweep.Files(folder["shared"]));
    }

    [Fact]
    public void A_merge_in_one_folder_that_was_stopped_while_it_took_parts_away_is_finished_by_the_next()
    {
        SmallSweep.Run(In("alone"), Shard.Whole);
        ResultsFolder[] shared = Parts(2, _ => "shared");
        string[] left = [In("shared").Cell("dense", new(2, 2)), In("shared").DenseLogits(new(2, 2)), In("shared").Cell("tome-0.7", new(1, 2))];
        byte[][] bytes = [.. left.Select(File.ReadAllBytes)];
        ResultsMerge.Merge([.. shared], shared[0]);
        foreach ((string file, byte[] content) in left.Zip(bytes))
            File.WriteAllBytes(file, content);
        ResultsMerge.Merge([.. shared], shared[0]);
        Assert.Equal(SmallSweep.Files(folder["alone"]), SmallSweep.Files(folder["shared"]));
    }

    [Fact]
    public void What_the_output_holds_already_stays_in_its_list()
    {
        SmallSweep.Run(In("merged"), Shard.Whole, spec: SmallSweep.Spec with { Budgets = [0.8] });
        ResultsManifest there = ResultsManifestFile.Load(In("merged"));
        ResultsMerge.Merge([.. Parts(2, i => $"machine{i}")], In("merged"));
        Assert.Equal([.. there.Cells, .. ResultsManifestFile.Load(In("machine1")).Cells.Skip(1)], ResultsManifestFile.Load(In("merged")).Cells, (one, other) => one.Name == other.Name);
    }

    [Fact]
    public void The_profile_goes_along_unless_parts_have_different_ones()
    {
        ResultsFolder[] parts = Parts(2, i => $"machine{i}");
        List<string> said = [];
        File.WriteAllText(parts[0].Profile, "one");
        ResultsMerge.Merge([.. parts], In("merged"), said.Add);
        Assert.Equal("one", File.ReadAllText(In("merged").Profile));
        Assert.Empty(said);
        File.WriteAllText(parts[1].Profile, "other");
        ResultsMerge.Merge([.. parts], In("again"), said.Add);
        Assert.False(File.Exists(In("again").Profile));
        Assert.Contains($"profiles differ ({parts[0].Profile}, {parts[1].Profile})", Assert.Single(said));
    }

    [Fact]
    public void Nothing_is_merged_into_a_folder_that_another_process_prepares()
    {
        ResultsFolder[] parts = Parts(2, _ => "shared");
        SortedDictionary<string, string> before = SmallSweep.Files(folder["shared"]);
        using var stop = new CancellationTokenSource();
        using (FolderLock.Take(parts[0], null, default))
            Assert.Throws<OperationCanceledException>(() => ResultsMerge.Merge([.. parts], parts[0], _ => stop.Cancel(), stop.Token));
        Assert.Equal(before, SmallSweep.Files(folder["shared"]));
    }

    [Fact]
    public void Parts_that_only_a_name_speaks_of_are_not_all_listed()
    {
        Parts(2, _ => "shared");
        File.Delete(In("shared").Cell("dense", new(1, 2)));
        File.Move(In("shared").Cell("dense", new(2, 2)), In("shared").Cell("dense", new(1, 999_999_999)));
        Refused("part 2/999999999, 3/999999999", In("shared"));
    }

    [Fact]
    public void A_gap_names_the_pictures_and_the_part()
    {
        Parts(4, _ => "shared");
        File.Delete(In("shared").Cell("tome-0.7", new(2, 4)));
        Refused("pictures 2 to 3 of 7 were not measured for tome-0.7: part 2/4 is missing", In("shared"));
    }

    [Fact]
    public void An_overlap_names_both_files()
    {
        ResultsFolder[] parts = Parts(2, i => $"machine{i}");
        SmallSweep.Run(parts[1], new(1, 2));
        Refused("overlaps", parts);
        Refused(parts[0].Cell("dense", new(1, 2)), parts);
    }

    [Fact]
    public void Parts_of_other_pictures_batches_or_plans_are_refused_by_name()
    {
        SmallSweep.Run(In("one"), new(1, 2));
        SmallSweep.Run(In("count"), new(2, 2), count: 8);
        Refused("pictures 8 drawn scenes", In("one"), In("count"));
        SmallSweep.Run(In("batch"), new(2, 2), batch: 3);
        Refused("batch 3 there, 2 here", In("one"), In("batch"));
        SmallSweep.Run(In("plan"), new(2, 2));
        string plan = In("plan").Plan("tome-0.7"), text = File.ReadAllText(plan);
        File.WriteAllText(plan, text.Replace("\"remove\": ", "\"remove\": 1", StringComparison.Ordinal));
        Refused("the plan of tome-0.7 differs", In("one"), In("plan"));
        string manifest = In("one").Manifest, version = File.ReadAllText(manifest);
        File.WriteAllText(manifest, version.Replace("\"tool\": \"", "\"tool\": \"9", StringComparison.Ordinal));
        SmallSweep.Run(In("two"), new(2, 2));
        Refused("version of secateur", In("one"), In("two"));
    }

    [Fact]
    public void A_part_that_was_renamed_or_is_damaged_is_refused_before_anything_is_written()
    {
        Parts(2, _ => "shared");
        string part = In("shared").Cell("tome-0.7", new(2, 2)), text = File.ReadAllText(part);
        File.Copy(In("shared").Cell("tome-0.7", new(1, 2)), part, overwrite: true);
        Refused("was renamed", In("shared"));
        File.WriteAllText(part, text.Replace("\"identity\": \"", "\"identity\": \"0", StringComparison.Ordinal));
        Refused("another version", In("shared"));
        File.WriteAllText(part, text[..^20]);
        Refused("is not JSON", In("shared"));
        File.WriteAllText(part, text);
        File.WriteAllBytes(In("shared").DenseLogits(new(1, 2)), []);
        Refused("does not hold the answers", In("shared"));
        Assert.Empty(File.ReadAllBytes(In("shared").DenseLogits(new(1, 2))));
        File.Delete(In("shared").DenseLogits(new(1, 2)));
        Refused("dense.1-of-2.safetensors is missing", In("shared"));
        Assert.False(Directory.Exists(folder["merged"]));
    }

    void Refused(string says, params ResultsFolder[] parts) =>
        Assert.Contains(says, Assert.Throws<InvalidDataException>(() => ResultsMerge.Merge([.. parts], In("merged"))).Message);

    public void Dispose() => folder.Dispose();
}
