using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text.RegularExpressions;

namespace Secateur.Benchmarks.Measuring;

/// <summary>What a result must say about where it was measured; no names of hosts or paths.</summary>
/// <param name="Cpu">As the processor calls itself.</param>
/// <param name="Generation">The microarchitecture, where it is known.</param>
/// <param name="Cores">Cores that the process may use.</param>
/// <param name="Instructions">The widest vectors there are.</param>
/// <param name="Runtime">.NET.</param>
internal sealed partial record Machine(string Cpu, string Generation, int Cores, string Instructions, string Runtime)
{
    public static Machine This { get; } = Read();

    /// <summary>The folder of this machine's results.</summary>
    public string Slug => NotWord().Replace(FormattableString.Invariant($"{Cpu} {Generation} {Cores} cores").ToLowerInvariant(), "-").Trim('-');

    static Machine Read()
    {
        Dictionary<string, string> fields = [];
        if (File.Exists("/proc/cpuinfo"))
            foreach (string line in File.ReadLines("/proc/cpuinfo"))
                if (line.Split(':', 2) is [var name, var value])
                    fields.TryAdd(name.Trim(), value.Trim());
        string cpu = fields.GetValueOrDefault("model name") ?? RuntimeInformation.ProcessArchitecture.ToString();
        string instructions = Avx512F.IsSupported ? "AVX-512" : Fma.IsSupported ? "AVX2, FMA" : RuntimeInformation.ProcessArchitecture.ToString();
        return new(cpu, Microarchitecture(fields), Environment.ProcessorCount, instructions, RuntimeInformation.FrameworkDescription);
    }

    static string Microarchitecture(Dictionary<string, string> fields)
    {
        int family = Number("cpu family"), model = Number("model");
        return (fields.GetValueOrDefault("vendor_id"), family) switch
        {
            ("AuthenticAMD", 23) => model >= 0x30 ? "Zen 2" : "Zen",
            ("AuthenticAMD", 25) => model is (>= 0x10 and <= 0x1f) or (>= 0x60 and <= 0xaf) ? "Zen 4" : "Zen 3",
            ("AuthenticAMD", 26) => "Zen 5",
            (not null, > 0) => FormattableString.Invariant($"family {family} model {model}"),
            _ => "",
        };

        int Number(string name) => int.TryParse(fields.GetValueOrDefault(name), CultureInfo.InvariantCulture, out int number) ? number : 0;
    }

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex NotWord();
}
