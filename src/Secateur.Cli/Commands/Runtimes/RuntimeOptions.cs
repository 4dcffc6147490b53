using System.CommandLine;
using Secateur.Evaluation.Profiling;
using Secateur.Models.Vit;
using Secateur.Onnx.Runtime;
using Secateur.Onnx.Serving;

namespace Secateur.Cli.Commands.Runtimes;

/// <summary>Which runtime is measured.</summary>
internal sealed class RuntimeOptions
{
    const string Own = "secateur", Onnx = "onnxruntime";

    readonly Option<string> runtime;
    readonly Option<string?> provider = new("--provider")
    {
        Description = $"What that runtime computes on: {string.Join(", ", OnnxProvider.All.Select(one => one.Name))}. Default: cpu.",
        HelpName = "NAME",
    };

    /// <summary>The options.</summary>
    /// <param name="description">What <c>--runtime</c> does in this command.</param>
    public RuntimeOptions(string description)
    {
        runtime = new("--runtime") { Description = description, HelpName = $"{Own}|{Onnx}", DefaultValueFactory = _ => Own };
        runtime.AcceptOnlyFromAmong(Own, Onnx);
        provider.AcceptOnlyFromAmong([.. OnnxProvider.All.Select(one => one.Name)]);
    }

    /// <summary>All of them.</summary>
    public IEnumerable<Option> All => [runtime, provider];

    /// <summary>ONNX Runtime and a provider that it has; null for this program's engine.</summary>
    /// <exception cref="UsageException">A provider is named without the runtime.</exception>
    /// <exception cref="OnnxRuntimeException">There is no such library, or it lacks the provider.</exception>
    public (OnnxRuntimeLibrary Library, OnnxProvider Provider)? Of(ParseResult arguments)
    {
        string? named = arguments.GetValue(provider);
        if (arguments.GetRequiredValue(runtime) == Own)
            return named is null ? null : throw new UsageException($"--provider is for {Onnx}; add --runtime {Onnx}, or leave it out.");
        OnnxProvider chosen = OnnxProvider.Named(named ?? OnnxProvider.Cpu.Name);
        var library = OnnxRuntimeLibrary.Find();
        library.Require(chosen);
        return (library, chosen);
    }

    /// <summary>What runs plans as a profile was measured.</summary>
    /// <param name="profile">The profile; null for none.</param>
    /// <param name="network">The network.</param>
    /// <param name="terminal">Told where that runtime is, and what it means where it is not.</param>
    /// <returns>Null for this program's engine, and where the profile's runtime is not here.</returns>
    public static OnnxRuntimeRunner? RunnerOf(LatencyProfile? profile, VisionTransformer network, Terminal terminal)
    {
        if (profile is null || profile.Runtime == Own)
            return null;
        try
        {
            if (ServedRuntime.Provider(profile.Runtime) is not { } provider)
                throw new OnnxRuntimeException("this program does not know it");
            var library = OnnxRuntimeLibrary.Find();
            library.Require(provider);
            var runner = new OnnxRuntimeRunner(network, library, provider);
            terminal.Say($"plans are timed in {runner.Runtime}, as exported graphs{(runner.Runtime == profile.Runtime ? "" : $"; the profile is of {profile.Runtime}, whose times may be others")}");
            return runner;
        }
        catch (OnnxRuntimeException e)
        {
            terminal.Say($"latencies are predicted for {profile.Runtime}, which cannot be used here: {e.Message} Plans are timed in secateur's own engine instead, which says little about that runtime");
            return null;
        }
    }
}
