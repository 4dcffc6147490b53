namespace Secateur.Models.Hub;

/// <summary>A repository at one commit, on this machine.</summary>
/// <param name="Folder">Holds its files.</param>
/// <param name="Commit">Which commit.</param>
/// <param name="FromCache">Whether nobody was asked if there is a newer one: offline, or the server could not be reached.</param>
public sealed record HubSnapshot(string Folder, string Commit, bool FromCache);

/// <summary>How far a download is.</summary>
/// <param name="File">The file that is being downloaded.</param>
/// <param name="Done">Bytes of it that are here.</param>
/// <param name="Total">All its bytes.</param>
public sealed record HubProgress(string File, long Done, long Total);
