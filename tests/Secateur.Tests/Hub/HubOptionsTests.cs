using Secateur.Models.Hub;

namespace Secateur.Tests.Hub;

public sealed class HubOptionsTests
{
    [Fact]
    public void The_environment_is_read_as_other_tools_read_it()
    {
        using var home = new TemporaryFolder();
        File.WriteAllText(home["token"], " hf_file\n");
        File.WriteAllText(home["other-token"], "hf_other");
        HubOptions options = From(("HF_HOME", home.Path), ("HF_ENDPOINT", "https://mirror.example/"), ("HF_HUB_OFFLINE", "1"));
        Assert.Equal((Path.Combine(home.Path, "hub"), "hf_file", "https://mirror.example/", true), (options.CacheFolder, options.Token, options.Endpoint.AbsoluteUri, options.Offline));
        Assert.Equal("hf_env", From(("HF_HOME", home.Path), ("HF_TOKEN", "hf_env")).Token);
        Assert.Equal("hf_other", From(("HF_HOME", home.Path), ("HF_TOKEN_PATH", home["other-token"])).Token);
        Assert.Null(From(("HF_HOME", home.Path), ("HF_HUB_DISABLE_IMPLICIT_TOKEN", "1")).Token);
        Assert.Equal("/cache", From(("HF_HOME", home.Path), ("HF_HUB_CACHE", "/cache")).CacheFolder);
        Assert.Equal(Path.Combine("/xdg", "huggingface", "hub"), From(("XDG_CACHE_HOME", "/xdg")).CacheFolder);
        Assert.False(From(("HF_HUB_OFFLINE", "0")).Offline);
        Assert.Throws<ArgumentException>(() => From(("HF_ENDPOINT", "file:///etc")));
    }

    static HubOptions From(params (string Name, string Value)[] variables) =>
        HubOptions.FromEnvironment(name => variables.FirstOrDefault(variable => variable.Name == name).Value);
}
