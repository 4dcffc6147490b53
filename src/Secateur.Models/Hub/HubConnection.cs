using System.Net;
using System.Net.Http.Headers;

namespace Secateur.Models.Hub;

/// <summary>Requests to a hub: redirects are followed here, so that the token goes to the hub alone; a busy server is asked again.</summary>
internal sealed class HubConnection : IDisposable
{
    const int MaximumRedirects = 10;

    readonly HubOptions options;
    readonly HttpClient client;

    public HubConnection(HubOptions options)
    {
        this.options = options;
        client = new(new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = options.Patience, UseCookies = false }) { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.UserAgent.ParseAdd("secateur");
        // Hashes are of the bytes as they are.
        client.DefaultRequestHeaders.AcceptEncoding.ParseAdd("identity");
    }

    /// <summary>Asks, until there is an answer that is none of "elsewhere", "busy" and silence.</summary>
    /// <param name="method">HEAD or GET.</param>
    /// <param name="address">Below the endpoint.</param>
    /// <param name="from">First wanted byte.</param>
    /// <param name="isMetadata">Whether to stop where the hub itself sends elsewhere: its own headers tell hash and length of the file there.</param>
    /// <param name="cancellation">Stops.</param>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, Uri address, long from, bool isMetadata, CancellationToken cancellation)
    {
        for (int attempt = 0; ; attempt++)
        {
            HttpResponseMessage? response = null;
            try
            {
                response = await FollowAsync(method, address, from, isMetadata, cancellation).ConfigureAwait(false);
                if (attempt == options.Retries || response.StatusCode is not (HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError))
                    return response;
                response.Dispose();
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException or TimeoutException && attempt < options.Retries)
            {
                response?.Dispose();
            }

            await PauseAsync(attempt, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>The wait before another attempt.</summary>
    public Task PauseAsync(int attempt, CancellationToken cancellation) => Task.Delay(options.RetryDelay * Math.Pow(2, Math.Min(attempt, 5)), cancellation);

    /// <summary>Waits for a part of an answer, but not for ever.</summary>
    /// <exception cref="TimeoutException">The server said nothing.</exception>
    public async Task<T> PatientlyAsync<T>(Func<CancellationToken, Task<T>> wait, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(options.Patience);
        try
        {
            return await wait(patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"the server said nothing for {options.Patience.TotalSeconds:0} seconds");
        }
    }

    public void Dispose() => client.Dispose();

    async Task<HttpResponseMessage> FollowAsync(HttpMethod method, Uri address, long from, bool isMetadata, CancellationToken cancellation)
    {
        for (int redirects = 0; ; redirects++)
        {
            using var request = new HttpRequestMessage(method, address);
            if (options.Token is { } token && IsHub(address))
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            if (from > 0)
                request.Headers.Range = new RangeHeaderValue(from, null);
            HttpResponseMessage response = await PatientlyAsync(
                stop => client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop), cancellation).ConfigureAwait(false);
            if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308) || response.Headers.Location is not { } location)
                return response;
            Uri next = new(address, location);
            // Within the hub (a repository that was renamed) the next answer has the file's headers; elsewhere, only this one has.
            if (isMetadata && !IsHub(next))
                return response;
            response.Dispose();
            if (redirects == MaximumRedirects || next.Scheme is not ("http" or "https") || (address.Scheme == "https" && next.Scheme == "http"))
                throw new HubException($"{address} sends on to {next}, which is not followed: too many such steps, or not over https.");
            address = next;
        }
    }

    bool IsHub(Uri address) => Uri.Compare(address, options.Endpoint, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) == 0;
}
