using Secateur.Models.Checkpoints;

namespace Secateur.Evaluation.Sweeps;

/// <summary>Lets one process at a time prepare a folder that several share. What they prepare is the same and appears whole, so that a file
/// system without locks costs no more than work done twice.</summary>
internal sealed class FolderLock : IDisposable
{
    const int Milliseconds = 50;

    /// <summary>What the system says of a file that another process has locked: EWOULDBLOCK of Linux, of macOS, and the sharing and lock violations of Windows.</summary>
    static readonly int[] held = [11, 35, unchecked((int)0x80070020), unchecked((int)0x80070021)];

    /// <summary>No file takes this long to write, so that an older draft is of a process that was killed.</summary>
    static readonly TimeSpan stale = TimeSpan.FromHours(1);

    readonly FileStream file;

    FolderLock(FileStream file) => this.file = file;

    /// <summary>Waits until no other process holds it, then takes away the drafts that killed ones left.</summary>
    /// <param name="folder">The folder; made if it is missing.</param>
    /// <param name="say">Told once that another process holds it.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    /// <exception cref="IOException">The folder cannot be written to.</exception>
    internal static FolderLock Take(ResultsFolder folder, Action<string>? say, CancellationToken cancellation)
    {
        try
        {
            Directory.CreateDirectory(folder.Path);
            FolderLock alone = new(Open(folder, say, cancellation));
            foreach (string part in folder.Folders)
                AtomicFile.RemoveDrafts(part, stale);
            return alone;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{folder.Path} cannot be written to ({e.Message}). Name another folder with --output.", e);
        }
    }

    public void Dispose() => file.Dispose();

    static FileStream Open(ResultsFolder folder, Action<string>? say, CancellationToken cancellation)
    {
        for (bool first = true; ; first = false)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                return new(folder.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e) when (held.Contains(e.HResult))
            {
                if (first)
                    say?.Invoke($"another process prepares {folder.Path}; waiting until it has");
                cancellation.WaitHandle.WaitOne(Milliseconds);
            }
        }
    }
}
