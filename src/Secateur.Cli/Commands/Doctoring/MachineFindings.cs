using System.Globalization;
using Secateur.Evaluation.Profiling;
using Secateur.Kernels;
using Secateur.Models.Images;
using Secateur.Onnx.Runtime;

namespace Secateur.Cli.Commands.Doctoring;

/// <summary>What this machine has of what the tool needs.</summary>
internal static class MachineFindings
{
    const double Gigabyte = 1L << 30;

    /// <summary>A network the size of DeiT-S, a batch of pictures and the runtime fit into it.</summary>
    const long LeastMemory = 1L << 29;

    /// <summary>The weights of a large network.</summary>
    const long LeastSpace = 2L << 30;

    /// <summary>All of it.</summary>
    public static IEnumerable<Finding> All()
    {
        DeviceFingerprint device = DeviceFingerprint.OfThisMachine();
        yield return Finding.Ok("processor", $"{device.Processor}, {device.Architecture}");
        yield return Cores();
        yield return Registers();
        yield return Memory();
        yield return Finding.Ok("runtime", $"{device.Framework} on {device.System}");
        yield return Library(ImageLibrary.Jpeg(), "JPEG");
        yield return Library(ImageLibrary.Png(), "PNG");
        yield return OnnxRuntime();
        yield return Cache(Network.Hub().CacheFolder);
    }

    static Finding Cores()
    {
        int own = Environment.ProcessorCount, all = File.Exists("/proc/cpuinfo") ? File.ReadLines("/proc/cpuinfo").Count(line => line.StartsWith("processor", StringComparison.Ordinal)) : own;
        return own < all
            ? Finding.Ok("cores", $"{own} of the machine's {all} may be used (affinity or a limit); a run takes {own} threads unless --threads says otherwise")
            : Finding.Ok("cores", $"{own}; a run takes as many threads unless --threads says otherwise");
    }

    static Finding Registers()
    {
        KernelSet own = KernelSet.Default, widest = KernelSet.Supported[0];
        string all = string.Join(", ", KernelSet.Supported.Select(set => set.Name));
        string? forced = Environment.GetEnvironmentVariable("SECATEUR_ISA");
        if (own != widest)
            return Finding.Note("registers", $"{own.Name}, as SECATEUR_ISA says; there are {all}", $"unset SECATEUR_ISA to use {widest.Name}");
        return widest.Lanes == 1
            ? Finding.Note("registers", "scalar alone: no vectors with multiply-add were found", "networks run, slowly; a processor with AVX2 or NEON is many times as fast")
            : Finding.Ok("registers", $"{own.Name} bits{(string.IsNullOrEmpty(forced) ? "" : ", as SECATEUR_ISA says")}; there are {all}");
    }

    static Finding Memory()
    {
        // What the runtime may use knows of limits that a container has; what is free now is the system's to tell.
        long may = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        long? free = MemInfo("MemAvailable:"), whole = MemInfo("MemTotal:");
        string found = $"{may / Gigabyte:0.0} GB may be used{(whole > may * 1.05 ? $" of the machine's {whole / Gigabyte:0.0} GB" : "")}{(free is { } now ? $", {now / Gigabyte:0.0} GB are free now" : "")}";
        return Math.Min(may, free ?? may) < LeastMemory
            ? Finding.Problem("memory", found, "close other programs or raise the limit; small networks need half a gigabyte, large ones several")
            : Finding.Ok("memory", found);
    }

    static long? MemInfo(string key) =>
        File.Exists("/proc/meminfo") && File.ReadLines("/proc/meminfo").FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal)) is { } line
        && long.TryParse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries).ElementAtOrDefault(1), CultureInfo.InvariantCulture, out long kilobytes)
            ? kilobytes * 1024
            : null;

    static Finding Library(ImageLibrary library, string kind) => library.IsThere
        ? Finding.Ok(library.Name, $"{library.Version}{(library.Path is { } path ? $", {path}" : "")}; reads {kind}")
        : Finding.Problem(library.Name, $"not found; {kind} files cannot be read (drawn scenes and ready tensors can)", library.Install);

    static Finding OnnxRuntime()
    {
        const string name = "ONNX Runtime";
        try
        {
            var library = OnnxRuntimeLibrary.Find();
            return Finding.Ok(name, $"{library.Version}, {library.Path}; computes on {string.Join(", ", library.Providers.Select(provider => provider.Name))}");
        }
        catch (OnnxRuntimeException e)
        {
            return Finding.Note(name, e.Message, "only exported files that are to be checked, and measuring in that runtime, need it");
        }
    }

    static Finding Cache(string folder)
    {
        string there = Path.GetFullPath(folder);
        while (!Path.Exists(there) && Path.GetDirectoryName(there) is { } above)
            there = above;
        try
        {
            // Whether it can be written to is known by writing; what is made of a folder that is not there yet is made above it.
            string trial = Path.Combine(there, $".secateur-{Path.GetRandomFileName()}");
            using (File.Create(trial, 1, FileOptions.DeleteOnClose))
            {
            }

            long free = new DriveInfo(there).AvailableFreeSpace;
            string found = $"{folder}{(there == Path.GetFullPath(folder) ? "" : " (made when first used)")}, {free / Gigabyte:0.0} GB free";
            return free < LeastSpace
                ? Finding.Note("downloads", found, "make room, or name another folder with HF_HUB_CACHE, before secateur pull")
                : Finding.Ok("downloads", found);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return Finding.Problem("downloads", $"{folder} cannot be written to: {e.Message}", "name another folder with HF_HUB_CACHE; without it, secateur pull cannot keep anything");
        }
    }
}
