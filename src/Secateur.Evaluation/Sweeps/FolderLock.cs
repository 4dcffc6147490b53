namespace Secateur.Evaluation.Sweeps;

/// <summary>Lets one process at a time prepare a folder that several share. What they prepare is the same and appears whole, so that a file
/// system without locks costs no more than work done twice.</summary>
internal sealed class FolderLock : IDisposable
{
    const int Milliseconds = 50;

    readonly FileStream file;

    FolderLock(FileStream file) => this.file = file;

    /// <summary>Waits until no other process holds it.</summary>
    /// <param name="path">The file that stands for it; its folder is made if it is missing.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    internal static FolderLock Take(string path, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                return new(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException) when (File.Exists(path))
            {
                cancellation.WaitHandle.WaitOne(Milliseconds);
            }
        }
    }

    public void Dispose() => file.Dispose();
}
