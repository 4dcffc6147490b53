using System.Net;
using System.Text.Json;
using Secateur.Models.Checkpoints;

namespace Secateur.Models.Hub;

/// <summary>Downloads repositories of a Hugging Face hub into the cache that all its tools share: only what a network needs, resumed where it was
/// interrupted, and verified.</summary>
public sealed class HubClient : IDisposable
{
    const int MaximumAnswer = 16 << 20;

    readonly HubOptions options;
    readonly HubConnection connection;
    readonly HubCache cache;

    /// <summary>A client.</summary>
    /// <param name="options">Where from and where to; default: as the environment says.</param>
    public HubClient(HubOptions? options = null)
    {
        options ??= HubOptions.FromEnvironment();
        if (!options.Endpoint.AbsoluteUri.EndsWith('/'))
            options = options with { Endpoint = new(options.Endpoint.AbsoluteUri + "/") };
        this.options = options;
        connection = new(options);
        cache = new(options.CacheFolder);
    }

    /// <summary>Downloads config.json, preprocessor_config.json, what belongs to a tokenizer, and the safetensors files of a repository, as far as they are not here.</summary>
    /// <param name="repository">"organisation/name".</param>
    /// <param name="revision">A branch, a tag or a commit.</param>
    /// <param name="progress">Told how far each file is.</param>
    /// <param name="cancellation">Stops; what is downloaded stays, and the next call goes on from there.</param>
    /// <returns>Where it is.</returns>
    /// <exception cref="ArgumentException">The name or the revision is none.</exception>
    /// <exception cref="HubException">It cannot be had: no such repository, no permission, no connection, a wrong hash.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public async Task<HubSnapshot> PullAsync(
        string repository, string revision = "main", IProgress<HubProgress>? progress = null, CancellationToken cancellation = default)
    {
        if (!HubCache.IsRepository(repository))
            throw new ArgumentException($"'{repository}' is no name of a repository; expected one as timm/deit_tiny_patch16_224.fb_in1k.", nameof(repository));
        if (!HubCache.IsRevision(revision))
            throw new ArgumentException($"'{revision}' is no branch, tag or commit.", nameof(revision));
        string? cached = cache.TryFind(repository, revision);
        if (options.Offline)
            return Cached() ?? throw new HubException($"{repository} is not in {options.CacheFolder}, and HF_HUB_OFFLINE forbids to download it.");
        try
        {
            return await DownloadAsync(repository, revision, progress, cancellation).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is HttpRequestException or TimeoutException)
        {
            return Cached() ?? throw new HubException($"{options.Endpoint} cannot be reached ({exception.Message}). Check the connection and HF_ENDPOINT.", exception);
        }

        HubSnapshot? Cached() => cached is null ? null : new(cached, Path.GetFileName(cached), FromCache: true);
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose() => connection.Dispose();

    async Task<HubSnapshot> DownloadAsync(string repository, string revision, IProgress<HubProgress>? progress, CancellationToken cancellation)
    {
        (string commit, HashSet<string> files) = await ListAsync(repository, revision, cancellation).ConfigureAwait(false);
        string folder = cache.FolderOf(repository), snapshot = Path.Combine(folder, "snapshots", commit);
        var wanted = new Queue<string>(HubFiles.Choose(repository, files));
        while (wanted.TryDequeue(out string? file))
        {
            HubBlob blob = await DescribeAsync(repository, commit, file, cancellation).ConfigureAwait(false);
            string path = Path.Combine(folder, "blobs", blob.Hash), link = Path.Combine(snapshot, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await blob.DownloadAsync(connection, path, options.Retries, progress, cancellation).ConfigureAwait(false);
            HubFiles.Link(link, path);
            if (file == HubFiles.Index)
                foreach (string shard in HubFiles.Shards(link, files))
                    wanted.Enqueue(shard);
        }

        if (revision != commit)
            AtomicFile.Write(Path.Combine([folder, "refs", .. revision.Split('/')]), stream => stream.Write(System.Text.Encoding.ASCII.GetBytes(commit)));
        return new(snapshot, commit, FromCache: false);
    }

    /// <summary>The commit of a revision, and the names of its files.</summary>
    async Task<(string Commit, HashSet<string> Files)> ListAsync(string repository, string revision, CancellationToken cancellation)
    {
        Uri address = new(options.Endpoint, $"api/models/{repository}/revision/{Uri.EscapeDataString(revision)}");
        using HttpResponseMessage response = await connection.SendAsync(HttpMethod.Get, address, 0, isMetadata: false, cancellation).ConfigureAwait(false);
        Require(response, repository, revision);
        try
        {
            byte[] answer = await ReadAsync(response, cancellation).ConfigureAwait(false);
            using JsonDocument json = JsonDocument.Parse(answer, new JsonDocumentOptions { MaxDepth = 32 });
            string? commit = json.RootElement.GetProperty("sha").GetString();
            HashSet<string> files = [.. json.RootElement.GetProperty("siblings").EnumerateArray().Select(file => file.GetProperty("rfilename").GetString() ?? "")];
            return commit is not null && HubCache.IsCommit(commit) ? (commit, files) : throw new HubException($"{address} names the commit '{commit}', which is none.");
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new HubException($"{address} does not answer as a hub does ({exception.Message}). Check HF_ENDPOINT.", exception);
        }
    }

    /// <summary>Hash and length of a file.</summary>
    async Task<HubBlob> DescribeAsync(string repository, string commit, string file, CancellationToken cancellation)
    {
        Uri address = new(options.Endpoint, $"{repository}/resolve/{commit}/{string.Join('/', file.Split('/').Select(Uri.EscapeDataString))}");
        using HttpResponseMessage response = await connection.SendAsync(HttpMethod.Head, address, 0, isMetadata: true, cancellation).ConfigureAwait(false);
        if ((int)response.StatusCode >= 400)
            Require(response, repository, commit);
        string hash = (Header(response, "X-Linked-Etag") ?? Header(response, "ETag") ?? "").Trim();
        hash = (hash.StartsWith("W/", StringComparison.Ordinal) ? hash[2..] : hash).Trim('"');
        long? length = long.TryParse(Header(response, "X-Linked-Size"), out long linked) ? linked : response.Content.Headers.ContentLength;
        if (hash.Length is not (40 or 64) || !hash.All(char.IsAsciiHexDigitLower) || length is not >= 0)
            throw new HubException($"{address}: the server states no hash (found '{hash}') or no length, so {file} could not be verified. Check HF_ENDPOINT.");
        return new(file, address, hash, length.Value);
    }

    async Task<byte[]> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        using var answer = new MemoryStream();
        Stream body = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        var chunk = new byte[1 << 14];
        while (await connection.PatientlyAsync(stop => body.ReadAsync(chunk, stop).AsTask(), cancellation).ConfigureAwait(false) is > 0 and var count)
        {
            if (answer.Length + count > MaximumAnswer)
                throw new HubException($"{response.RequestMessage?.RequestUri} answers with more than {MaximumAnswer} bytes. Check HF_ENDPOINT.");
            answer.Write(chunk, 0, count);
        }

        return answer.ToArray();
    }

    static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out var values) && values.Count == 1 ? values.ToString() : null;

    void Require(HttpResponseMessage response, string repository, string revision)
    {
        if (response.IsSuccessStatusCode)
            return;
        string token = options.Token is null ? "set HF_TOKEN to a token that may read it" : "the token in use may not read it";
        throw new HubException(response.StatusCode switch
        {
            HttpStatusCode.Unauthorized => $"{repository} does not exist, or is private or gated: check the spelling, or {token}.",
            HttpStatusCode.Forbidden => $"{repository} is gated: accept its conditions at {new Uri(options.Endpoint, repository)}, and then {token}.",
            HttpStatusCode.NotFound => $"{repository} does not exist at {options.Endpoint}, or has no revision '{revision}': check the spelling.",
            var status => $"{options.Endpoint} answers {(int)status} {response.ReasonPhrase} for {repository}. Try again later.",
        });
    }
}
