using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Secateur.Models.Hub;

/// <summary>A file of a repository, by its hash: SHA-256 of large files, git's SHA-1 of small ones.</summary>
/// <param name="File">Its name.</param>
/// <param name="Address">Where it is.</param>
/// <param name="Hash">64 or 40 hexadecimal digits.</param>
/// <param name="Length">Bytes.</param>
internal sealed record HubBlob(string File, Uri Address, string Hash, long Length)
{
    /// <summary>Downloads it unless it is there; what an earlier attempt left is gone on with.</summary>
    /// <param name="connection">To the hub.</param>
    /// <param name="path">Where to; until it is whole and its hash is right, ".incomplete" is appended.</param>
    /// <param name="retries">How often a broken connection is mended.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellation">Stops; what is here stays.</param>
    public async Task DownloadAsync(HubConnection connection, string path, int retries, IProgress<HubProgress>? progress, CancellationToken cancellation)
    {
        if (System.IO.File.Exists(path) && new FileInfo(path).Length == Length)
        {
            progress?.Report(new(File, Length, Length));
            return;
        }

        string draft = path + ".incomplete";
        await using (FileStream stream = OpenDraft(draft))
        {
            for (int attempt = 0; stream.Length != Length; attempt++)
            {
                try
                {
                    await ReceiveAsync(connection, stream, progress, cancellation).ConfigureAwait(false);
                    if (stream.Length == Length)
                        break;
                    throw new HttpRequestException($"the connection ended after {stream.Length} of {Length} bytes");
                }
                catch (Exception exception) when (exception is HttpRequestException or IOException or TimeoutException)
                {
                    if (attempt >= retries)
                        throw new HubException($"{File} could not be downloaded whole ({exception.Message}); {stream.Length} of {Length} bytes are here, and the next attempt goes on from there.", exception);
                    await connection.PauseAsync(attempt, cancellation).ConfigureAwait(false);
                }
            }

            stream.Position = 0;
            string found = await HashAsync(stream, cancellation).ConfigureAwait(false);
            if (found != Hash)
            {
                await stream.DisposeAsync().ConfigureAwait(false);
                System.IO.File.Delete(draft);
                throw new HubException($"{File} was downloaded with the hash {found}; expected {Hash}. It was altered on its way and has been deleted; try again.");
            }
        }

        System.IO.File.Move(draft, path, overwrite: true);
        progress?.Report(new(File, Length, Length));
    }

    FileStream OpenDraft(string draft)
    {
        try
        {
            var stream = new FileStream(draft, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.Asynchronous);
            if (stream.Length > Length)
                stream.SetLength(0);
            return stream;
        }
        catch (IOException exception)
        {
            throw new HubException($"{draft} cannot be written ({exception.Message}); is another download of {File} running?", exception);
        }
    }

    async Task ReceiveAsync(HubConnection connection, FileStream stream, IProgress<HubProgress>? progress, CancellationToken cancellation)
    {
        using HttpResponseMessage response = await connection.SendAsync(HttpMethod.Get, Address, stream.Length, isMetadata: false, cancellation).ConfigureAwait(false);
        bool isRest = response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange?.From == stream.Length;
        if (!isRest && response.StatusCode != HttpStatusCode.OK)
        {
            if (response.StatusCode is HttpStatusCode.RequestedRangeNotSatisfiable or HttpStatusCode.PartialContent)
            {
                stream.SetLength(0);
                throw new HttpRequestException("the server has no such rest of the file");
            }

            throw new HubException($"{File} could not be downloaded: {response.RequestMessage?.RequestUri?.Host} answers {(int)response.StatusCode} {response.ReasonPhrase}. Try again later.");
        }

        if (!isRest)
            stream.SetLength(0);
        stream.Position = stream.Length;
        Stream body = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        var chunk = new byte[1 << 16];
        while (true)
        {
            int count = await connection.PatientlyAsync(stop => body.ReadAsync(chunk, stop).AsTask(), cancellation).ConfigureAwait(false);
            if (count == 0)
                return;
            if (stream.Length + count > Length)
            {
                stream.SetLength(0);
                throw new HubException($"{File} is longer than the {Length} bytes that the hub said it has; it was altered on its way. Try again.");
            }

            await stream.WriteAsync(chunk.AsMemory(0, count), cancellation).ConfigureAwait(false);
            progress?.Report(new(File, stream.Length, Length));
        }
    }

    [SuppressMessage("Security", "CA5350", Justification = "git names its blobs by SHA-1; the connection is what guards small files.")]
    async Task<string> HashAsync(Stream stream, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(Hash.Length == 64 ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA1);
        if (Hash.Length == 40)
            hash.AppendData(Encoding.ASCII.GetBytes($"blob {Length}\0"));
        var chunk = new byte[1 << 16];
        for (int count; (count = await stream.ReadAsync(chunk, cancellation).ConfigureAwait(false)) > 0;)
            hash.AppendData(chunk, 0, count);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
