namespace Secateur.Models.Hub;

/// <summary>Where repositories come from and where they are kept.</summary>
public sealed record HubOptions
{
    /// <summary>The folder of the cache, in Hugging Face's layout.</summary>
    public required string CacheFolder { get; init; }

    /// <summary>The server.</summary>
    public Uri Endpoint { get; init; } = new("https://huggingface.co");

    /// <summary>Shown to the server, and to no other host; null for none.</summary>
    public string? Token { get; init; }

    /// <summary>Whether only the cache is used.</summary>
    public bool Offline { get; init; }

    /// <summary>How often a request is made again when the connection breaks or the server is busy.</summary>
    public int Retries { get; init; } = 5;

    /// <summary>The wait before the first of these; twice as long before each further one.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a server may say nothing.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Reads what Hugging Face's own tools read: HF_HUB_CACHE, HF_HOME, XDG_CACHE_HOME; HF_ENDPOINT; HF_TOKEN, HF_TOKEN_PATH and the file
    /// "token" in HF_HOME, unless HF_HUB_DISABLE_IMPLICIT_TOKEN; HF_HUB_OFFLINE.</summary>
    /// <param name="variable">The environment; default: this process's.</param>
    /// <exception cref="ArgumentException">HF_ENDPOINT is no http or https address.</exception>
    public static HubOptions FromEnvironment(Func<string, string?>? variable = null)
    {
        Func<string, string?> read = variable ?? Environment.GetEnvironmentVariable;
        string home = Set("HF_HOME") ?? Path.Combine(
            Set("XDG_CACHE_HOME") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"), "huggingface");
        string address = Set("HF_ENDPOINT") ?? "https://huggingface.co";
        if (!Uri.TryCreate(address.TrimEnd('/') + "/", UriKind.Absolute, out Uri? endpoint) || endpoint.Scheme is not ("http" or "https"))
            throw new ArgumentException($"HF_ENDPOINT is '{address}'; expected an address as https://huggingface.co.");
        return new()
        {
            CacheFolder = Set("HF_HUB_CACHE") ?? Set("HUGGINGFACE_HUB_CACHE") ?? Path.Combine(home, "hub"),
            Endpoint = endpoint,
            Token = Set("HF_TOKEN") ?? Set("HUGGING_FACE_HUB_TOKEN") ?? (IsOn("HF_HUB_DISABLE_IMPLICIT_TOKEN") ? null : FromFile(Set("HF_TOKEN_PATH") ?? Path.Combine(home, "token"))),
            Offline = IsOn("HF_HUB_OFFLINE"),
        };

        string? Set(string name) => read(name)?.Trim() is { Length: > 0 } value ? value : null;
        bool IsOn(string name) => Set(name)?.ToUpperInvariant() is "1" or "ON" or "YES" or "TRUE";
    }

    static string? FromFile(string path) =>
        File.Exists(path) && new FileInfo(path).Length < 10_000 && File.ReadAllText(path).Trim() is { Length: > 0 } token ? token : null;
}
