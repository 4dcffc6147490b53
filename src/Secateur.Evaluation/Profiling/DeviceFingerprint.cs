using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Secateur.Kernels;

namespace Secateur.Evaluation.Profiling;

/// <summary>What a latency depends on, as far as a program can know it: nothing that names a machine, a person or a place. How many threads
/// a measurement used is not part of it.</summary>
/// <param name="Processor">As the processor calls itself.</param>
/// <param name="Cores">Logical cores that the process may use.</param>
/// <param name="Registers">Bits of the registers that the kernels use, or "scalar".</param>
/// <param name="System">The operating system and its release.</param>
/// <param name="Architecture">The instruction set of the process: "X64", "Arm64".</param>
/// <param name="Framework">The version of .NET.</param>
public sealed record DeviceFingerprint(string Processor, int Cores, string Registers, string System, string Architecture, string Framework)
{
    const int HashLength = 12;

    /// <summary>A short name for all of it: the first 12 hexadecimal digits of the SHA-256 of the fields in their order, a line each.</summary>
    public string Hash => Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes($"{Processor}\n{Cores}\n{Registers}\n{System}\n{Architecture}\n{Framework}\n")))[..HashLength];

    /// <summary>The machine that this process runs on.</summary>
    /// <returns>Its fingerprint.</returns>
    public static DeviceFingerprint OfThisMachine() => new(
        ProcessorName(),
        Environment.ProcessorCount,
        KernelSet.Default.Name,
        Cut(RuntimeInformation.OSDescription),
        RuntimeInformation.ProcessArchitecture.ToString(),
        RuntimeInformation.FrameworkDescription);

    /// <summary>Names what differs, for a refusal.</summary>
    /// <param name="other">Another device.</param>
    /// <returns>"2 cores, not 8; ...", this one's first; empty when both are the same.</returns>
    public string Differences(DeviceFingerprint other)
    {
        ArgumentNullException.ThrowIfNull(other);
        (string What, string Here, string There)[] fields =
        [
            ("processor", Processor, other.Processor),
            ("cores", $"{Cores}", $"{other.Cores}"),
            ("registers", Registers, other.Registers),
            ("system", System, other.System),
            ("architecture", Architecture, other.Architecture),
            (".NET", Framework, other.Framework),
        ];
        return string.Join("; ", fields.Where(field => field.Here != field.There).Select(field => $"{field.What} {field.Here}, not {field.There}"));
    }

    static string ProcessorName()
    {
        string? name = null;
        if (File.Exists("/proc/cpuinfo"))
            name = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2).ElementAtOrDefault(1);
        name ??= Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER");
        return string.IsNullOrWhiteSpace(name) ? "unknown" : Cut(name.Trim());
    }

    /// <summary>As long as a profile's text may be.</summary>
    static string Cut(string text) => text.Length <= ProfileJson.MostCharacters ? text : text[..ProfileJson.MostCharacters];
}
