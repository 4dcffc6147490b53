using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Secateur.Models.Hub;

namespace Secateur.Tests.Hub;

public sealed class HubClientTests : IDisposable
{
    readonly HubServer server = new();
    readonly TemporaryFolder cache = new();
    readonly byte[] weights = [.. Enumerable.Range(0, 300_000).Select(i => (byte)(i * 7 / 3))];

    public HubClientTests()
    {
        server.Files["config.json"] = "{}"u8.ToArray();
        server.Files["model.safetensors"] = weights;
        server.Files["README.md"] = "what nobody asked for"u8.ToArray();
        server.Files["pytorch_model.bin"] = new byte[5000];
    }

    string Repository => Path.Combine(cache.Path, "models--org--net");

    string WeightsBlob => Path.Combine(Repository, "blobs", HubServer.Hash(weights));

    [Fact]
    public async Task A_repository_lies_in_the_cache_as_other_tools_expect_it()
    {
        HubSnapshot snapshot = await Pull();
        Assert.Equal((Path.Combine(Repository, "snapshots", HubServer.Commit), HubServer.Commit, false), (snapshot.Folder, snapshot.Commit, snapshot.FromCache));
        Assert.Equal(["config.json", "model.safetensors"], Directory.GetFiles(snapshot.Folder).Select(Path.GetFileName).Order());
        Assert.Equal(weights, File.ReadAllBytes(Path.Combine(snapshot.Folder, "model.safetensors")));
        Assert.Equal($"../../blobs/{HubServer.Hash(weights)}", new FileInfo(Path.Combine(snapshot.Folder, "model.safetensors")).LinkTarget);
        Assert.Equal(HubServer.Commit, File.ReadAllText(Path.Combine(Repository, "refs", "main")));
        Assert.Equal(2, Directory.GetFiles(Path.Combine(Repository, "blobs")).Length);
        Assert.Equal(snapshot.Folder, new HubCache(cache.Path).TryFind("org/net"));
        Assert.Equal(snapshot.Folder, new HubCache(cache.Path).TryFind("org/net", HubServer.Commit));
    }

    [Fact]
    public async Task Tokenizer_and_pooling_come_with_the_weights()
    {
        server.Files["vocab.txt"] = "[PAD]\n"u8.ToArray();
        server.Files["1_Pooling/config.json"] = "{ }"u8.ToArray();
        HubSnapshot snapshot = await Pull();
        Assert.Equal("[PAD]\n", File.ReadAllText(Path.Combine(snapshot.Folder, "vocab.txt")));
        Assert.Equal("{ }", File.ReadAllText(Path.Combine(snapshot.Folder, "1_Pooling", "config.json")));
    }

    [Fact]
    public async Task What_is_here_is_not_downloaded_again()
    {
        await Pull();
        server.Requests.Clear();
        await Pull();
        Assert.DoesNotContain(server.Requests, request => request.Contains("store") || request.StartsWith("GET hub /org"));
    }

    [Fact]
    public async Task A_broken_connection_is_gone_on_with_where_it_broke()
    {
        server.Interruptions.Enqueue(100_000);
        server.Interruptions.Enqueue(50_000);
        await Pull();
        Assert.Equal(weights, File.ReadAllBytes(WeightsBlob));
        Assert.Contains(server.Requests, request => request.StartsWith("GET store") && request.Contains("bytes="));
    }

    [Fact]
    public async Task An_interrupted_download_is_gone_on_with_by_the_next_call()
    {
        for (int i = 0; i < 4; i++)
            server.Interruptions.Enqueue(20_000);
        HubException exception = await Assert.ThrowsAsync<HubException>(() => Pull());
        Assert.Contains("model.safetensors", exception.Message);
        long left = new FileInfo(WeightsBlob + ".incomplete").Length;
        Assert.InRange(left, 1, 80_000);
        Assert.False(File.Exists(WeightsBlob));
        Assert.Null(new HubCache(cache.Path).TryFind("org/net"));

        server.Requests.Clear();
        await Pull();
        Assert.Contains($"GET store /model.safetensors bytes={left}-", server.Requests);
        Assert.Equal(weights, File.ReadAllBytes(WeightsBlob));
        Assert.False(File.Exists(WeightsBlob + ".incomplete"));
    }

    [Fact]
    public async Task A_server_without_ranges_is_asked_for_all_of_it()
    {
        server.WholeOnly = true;
        server.Interruptions.Enqueue(100_000);
        await Pull();
        Assert.Equal(weights, File.ReadAllBytes(WeightsBlob));
    }

    [Fact]
    public async Task A_cancelled_download_keeps_what_it_has()
    {
        using var stop = new CancellationTokenSource();
        var progress = new Told(report =>
        {
            if (report.File == "model.safetensors")
                stop.Cancel();
        });
        using var client = new HubClient(server.Options(cache.Path));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.PullAsync("org/net", "main", progress, stop.Token));
        Assert.False(File.Exists(Path.Combine(Repository, "refs", "main")));
        await Pull();
        Assert.Equal(weights, File.ReadAllBytes(WeightsBlob));
    }

    [Fact]
    public async Task Altered_bytes_are_noticed_and_deleted()
    {
        server.Lies = true;
        Assert.Contains("hash", (await Assert.ThrowsAsync<HubException>(() => Pull())).Message);
        Assert.DoesNotContain(Directory.GetFiles(Path.Combine(Repository, "blobs")), file => Path.GetFileName(file).StartsWith(HubServer.Hash(weights)));
        server.Lies = false;
        await Pull();
    }

    [Fact]
    public async Task The_token_goes_to_the_hub_alone()
    {
        using var client = new HubClient(server.Options(cache.Path) with { Token = "hf_secret" });
        await client.PullAsync("org/net");
        Assert.All(server.Requests, request => Assert.Equal(request.Contains(" hub "), request.EndsWith("Bearer hf_secret")));
        Assert.Contains(server.Requests, request => request.Contains(" store "));
    }

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized, "HF_TOKEN")]
    [InlineData(HttpStatusCode.Forbidden, "gated")]
    [InlineData(HttpStatusCode.NotFound, "spelling")]
    [InlineData(HttpStatusCode.InternalServerError, "500")]
    public async Task A_refusal_says_what_to_do(HttpStatusCode status, string words)
    {
        server.Refusal = status;
        string message = (await Assert.ThrowsAsync<HubException>(() => Pull())).Message;
        Assert.Contains(words, message);
        Assert.Contains("org/net", message);
    }

    [Fact]
    public async Task A_busy_server_is_asked_again()
    {
        server.Busy = 2;
        await Pull();
    }

    [Fact]
    public async Task Without_a_network_the_cache_serves()
    {
        using var offline = new HubClient(server.Options(cache.Path) with { Offline = true });
        Assert.Contains("HF_HUB_OFFLINE", (await Assert.ThrowsAsync<HubException>(() => offline.PullAsync("org/net"))).Message);
        await Pull();
        Assert.True((await offline.PullAsync("org/net")).FromCache);
        using var nobody = new HubClient(server.Options(cache.Path) with { Endpoint = new("http://127.0.0.1:1/"), Retries = 0 });
        Assert.True((await nobody.PullAsync("org/net")).FromCache);
        Assert.Contains("HF_ENDPOINT", (await Assert.ThrowsAsync<HubException>(() => nobody.PullAsync("org/other"))).Message);
    }

    [Fact]
    public async Task Shards_come_with_their_index()
    {
        server.Files.Remove("model.safetensors");
        server.Files["model-00001-of-00002.safetensors"] = new byte[2000];
        server.Files["model-00002-of-00002.safetensors"] = [.. Enumerable.Repeat((byte)3, 3000)];
        server.Files["other.safetensors"] = new byte[2001];
        Index("model-00002-of-00002.safetensors");
        HubSnapshot snapshot = await Pull();
        Assert.Equal(4, Directory.GetFiles(snapshot.Folder).Length);
        Assert.False(File.Exists(Path.Combine(snapshot.Folder, "other.safetensors")));
    }

    [Theory]
    [InlineData("../../../evil.safetensors")]
    [InlineData("/tmp/evil.safetensors")]
    [InlineData("sub/evil.safetensors")]
    [InlineData("absent.safetensors")]
    [InlineData("config.json")]
    public async Task A_file_that_leads_elsewhere_is_refused(string evil)
    {
        server.Files.Remove("model.safetensors");
        server.Files["model-00001-of-00002.safetensors"] = new byte[2000];
        if (!evil.StartsWith("absent"))
            server.Files[evil] = new byte[2000];
        Index(evil);
        Assert.Contains(evil, (await Assert.ThrowsAsync<HubException>(() => Pull())).Message);
    }

    [Fact]
    public async Task A_repository_without_safetensors_says_so()
    {
        server.Files.Remove("model.safetensors");
        server.Files["../model.safetensors"] = new byte[10];
        Assert.Contains("pytorch_model.bin", (await Assert.ThrowsAsync<HubException>(() => Pull())).Message);
    }

    [Theory]
    [InlineData("../net")]
    [InlineData("org/../net")]
    [InlineData("org/net/more")]
    [InlineData("org--x/net")]
    [InlineData("org/.net")]
    [InlineData("")]
    [InlineData("a b/c")]
    public async Task A_name_that_is_none_is_refused(string name)
    {
        using var client = new HubClient(server.Options(cache.Path));
        await Assert.ThrowsAsync<ArgumentException>(() => client.PullAsync(name));
        await Assert.ThrowsAsync<ArgumentException>(() => client.PullAsync("org/net", "../" + name));
        Assert.Null(new HubCache(cache.Path).TryFind(name));
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Progress_is_told_to_the_last_byte()
    {
        var reports = new ConcurrentQueue<HubProgress>();
        using var client = new HubClient(server.Options(cache.Path));
        await client.PullAsync("org/net", progress: new Told(reports.Enqueue));
        Assert.Contains(new HubProgress("model.safetensors", weights.Length, weights.Length), reports);
        Assert.Contains(reports, report => report.File == "config.json");
    }

    [Fact]
    public async Task A_commit_and_a_branch_with_a_slash_are_revisions_too()
    {
        using var client = new HubClient(server.Options(cache.Path));
        await client.PullAsync("org/net", "refs/pr/7");
        Assert.Equal(HubServer.Commit, File.ReadAllText(Path.Combine(Repository, "refs", "refs", "pr", "7")));
        Assert.Contains(server.Requests, request => request.StartsWith("GET hub /api/models/org/net/revision/refs"));
        await client.PullAsync("org/net", HubServer.Commit);
        Assert.False(File.Exists(Path.Combine(Repository, "refs", HubServer.Commit)));
    }

    public void Dispose()
    {
        server.Dispose();
        cache.Dispose();
    }

    async Task<HubSnapshot> Pull()
    {
        using var client = new HubClient(server.Options(cache.Path));
        return await client.PullAsync("org/net");
    }

    void Index(string second) => server.Files["model.safetensors.index.json"] = Encoding.UTF8.GetBytes(
        $$"""{"metadata": {}, "weight_map": {"a": "model-00001-of-00002.safetensors", "b": "{{second}}", "c": "{{second}}"} }""");

    sealed class Told(Action<HubProgress> report) : IProgress<HubProgress>
    {
        public void Report(HubProgress value) => report(value);
    }
}
