using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Secateur.Models.Hub;

namespace Secateur.Tests.Hub;

/// <summary>A hub on this machine: large files come from a second server, as the real hub sends them from elsewhere.</summary>
internal sealed class HubServer : IDisposable
{
    public const string Commit = "0123456789abcdef0123456789abcdef01234567";

    readonly HttpListener hub;
    readonly HttpListener store;

    public HubServer()
    {
        (hub, Endpoint) = Listen();
        (store, StoreEndpoint) = Listen();
        _ = ServeAsync(hub, AnswerHub);
        _ = ServeAsync(store, AnswerStore);
    }

    public Uri Endpoint { get; }

    public Uri StoreEndpoint { get; }

    /// <summary>Files of the one repository, "org/net"; those longer than 1000 bytes are in the store.</summary>
    public Dictionary<string, byte[]> Files { get; } = [];

    /// <summary>"GET hub /path [range] [token]".</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>What the store's next answers break off after, bytes.</summary>
    public ConcurrentQueue<int> Interruptions { get; } = new();

    /// <summary>What the hub answers instead, if anything.</summary>
    public HttpStatusCode? Refusal { get; set; }

    /// <summary>How many more times it is busy.</summary>
    public int Busy { get; set; }

    /// <summary>Whether the store ignores ranges.</summary>
    public bool WholeOnly { get; set; }

    /// <summary>Whether the store sends something else than was promised.</summary>
    public bool Lies { get; set; }

    public HubOptions Options(string cache) => new() { CacheFolder = cache, Endpoint = Endpoint, RetryDelay = TimeSpan.FromMilliseconds(1), Retries = 3 };

    [SuppressMessage("Security", "CA5350", Justification = "git names its blobs by SHA-1.")]
    public static string Hash(byte[] content) => content.Length > 1000
        ? Convert.ToHexStringLower(SHA256.HashData(content))
        : Convert.ToHexStringLower(SHA1.HashData([.. Encoding.ASCII.GetBytes($"blob {content.Length}\0"), .. content]));

    public void Dispose()
    {
        hub.Close();
        store.Close();
    }

    static (HttpListener Listener, Uri Address) Listen()
    {
        for (int attempt = 0; ; attempt++)
        {
            using var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
            probe.Start();
            var address = new Uri($"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/");
            probe.Stop();
            var listener = new HttpListener();
            listener.Prefixes.Add(address.AbsoluteUri);
            try
            {
                listener.Start();
                return (listener, address);
            }
            catch (HttpListenerException) when (attempt < 20)
            {
                listener.Close();
            }
        }
    }

    async Task ServeAsync(HttpListener listener, Action<HttpListenerContext> answer)
    {
        while (listener.IsListening)
        {
            try
            {
                HttpListenerContext context = await listener.GetContextAsync();
                string authorization = context.Request.Headers["Authorization"] is { } token ? " " + token : "", range = context.Request.Headers["Range"] is { } part ? " " + part : "";
                Requests.Enqueue($"{context.Request.HttpMethod} {(listener == hub ? "hub" : "store")} {context.Request.Url!.AbsolutePath}{range}{authorization}");
                answer(context);
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException or InvalidOperationException or IOException)
            {
                // A client that hung up, or the end of the test.
            }
        }
    }

    void AnswerHub(HttpListenerContext context)
    {
        string path = context.Request.Url!.AbsolutePath;
        HttpListenerResponse response = context.Response;
        if (Busy-- > 0 || Refusal is not null)
        {
            response.StatusCode = (int)(Refusal ?? HttpStatusCode.ServiceUnavailable);
            response.Close();
            return;
        }

        if (path.StartsWith("/api/models/org/net/revision/"))
        {
            var siblings = new JsonArray([.. Files.Keys.Select(name => new JsonObject { ["rfilename"] = name })]);
            response.Close(Encoding.UTF8.GetBytes(new JsonObject { ["sha"] = Commit, ["siblings"] = siblings }.ToJsonString()), true);
            return;
        }

        // A repository that was renamed.
        if (path.StartsWith("/org/old/"))
        {
            response.Redirect(path.Replace("/org/old/", "/org/net/"));
            response.Close();
            return;
        }

        string prefix = $"/org/net/resolve/{Commit}/";
        if (!path.StartsWith(prefix) || !Files.TryGetValue(Uri.UnescapeDataString(path[prefix.Length..]), out byte[]? content))
        {
            response.StatusCode = 404;
            response.Close();
            return;
        }

        if (content.Length > 1000)
        {
            response.Headers["X-Linked-Etag"] = $"\"{Hash(content)}\"";
            response.Headers["X-Linked-Size"] = content.Length.ToString();
            response.Redirect(new Uri(StoreEndpoint, path[prefix.Length..]).AbsoluteUri);
            response.Close();
            return;
        }

        response.Headers["ETag"] = $"W/\"{Hash(content)}\"";
        response.ContentLength64 = content.Length;
        if (context.Request.HttpMethod != "HEAD")
            response.OutputStream.Write(content);
        response.Close();
    }

    void AnswerStore(HttpListenerContext context)
    {
        HttpListenerResponse response = context.Response;
        byte[] content = [.. Files[context.Request.Url!.AbsolutePath[1..]]];
        if (Lies)
            content[^1] ^= 1;
        int from = 0;
        if (context.Request.Headers["Range"] is { } range && !WholeOnly)
        {
            from = int.Parse(range["bytes=".Length..^1]);
            response.StatusCode = 206;
            response.Headers["Content-Range"] = $"bytes {from}-{content.Length - 1}/{content.Length}";
        }

        response.ContentLength64 = content.Length - from;
        if (Interruptions.TryDequeue(out int count))
        {
            response.OutputStream.Write(content, from, count);
            response.OutputStream.Flush();
            response.Abort();
            return;
        }

        response.OutputStream.Write(content, from, content.Length - from);
        response.Close();
    }
}
