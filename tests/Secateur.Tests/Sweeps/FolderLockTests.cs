using Secateur.Evaluation.Datasets;
using Secateur.Evaluation.Sweeps;

namespace Secateur.Tests.Sweeps;

public sealed class FolderLockTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    ResultsFolder Results => new(folder["results"]);

    [Fact]
    public void Who_waits_for_another_says_so_once_and_can_be_stopped()
    {
        using var stop = new CancellationTokenSource();
        List<string> said = [];
        using (FolderLock.Take(Results, null, default))
            Assert.Throws<OperationCanceledException>(() => FolderLock.Take(Results, Say, stop.Token));
        Assert.Contains(Results.Path, Assert.Single(said));
        FolderLock.Take(Results, said.Add, default).Dispose();
        Assert.Single(said);

        void Say(string line)
        {
            said.Add(line);
            stop.CancelAfter(TimeSpan.FromMilliseconds(200)); // it tries several times meanwhile
        }
    }

    [Fact]
    public void Eval_does_not_begin_in_a_folder_that_another_process_prepares()
    {
        using var stop = new CancellationTokenSource();
        (ResultsManifest manifest, PictureSet pictures) = SmallSweep.Described(2);
        using (FolderLock.Take(Results, null, default))
            Assert.Throws<OperationCanceledException>(() => ResultsStart.Begin(manifest, pictures.Source, Results, _ => stop.Cancel(), stop.Token));
        Assert.False(File.Exists(Results.Manifest));
        ResultsStart.Begin(manifest, pictures.Source, Results);
        Assert.True(File.Exists(Results.Manifest));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_to_is_an_error_at_once()
    {
        Directory.CreateDirectory(Results.Lock); // no file can be opened there
        Assert.Contains($"{Results.Path} cannot be written to", Assert.Throws<IOException>(() => FolderLock.Take(Results, null, default)).Message);
        File.WriteAllText(folder["file"], "");
        Assert.Contains("cannot be written to", Assert.Throws<IOException>(() => FolderLock.Take(new(folder["file"]), null, default)).Message);
    }

    [Fact]
    public void Drafts_of_processes_that_were_killed_long_ago_go_and_nothing_else()
    {
        Directory.CreateDirectory(folder["results/cells"]);
        string old = Make("cells/.dense.json.abcdefgh.x2z", hours: 2), first = Make(".results.json.0bcdefgh.x2z", hours: 2);
        string[] stay = [Make("cells/.dense.json.abcdefgh.x3z", hours: 0), Make("cells/.hidden", hours: 2), Make("cells/dense.json", hours: 2), Make(".nfs0000", hours: 2)];
        FolderLock.Take(Results, null, default).Dispose();
        Assert.False(File.Exists(old) || File.Exists(first));
        Assert.All(stay, file => Assert.True(File.Exists(file), file));
    }

    string Make(string name, int hours)
    {
        string file = folder[$"results/{name}"];
        File.WriteAllText(file, "");
        File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddHours(-hours));
        return file;
    }

    public void Dispose() => folder.Dispose();
}
