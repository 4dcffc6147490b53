using System.Runtime.InteropServices;
using System.Text;

namespace Secateur.Onnx.Runtime;

/// <summary>The functions of one ONNX Runtime library that is loaded, called by their place in its table.</summary>
/// <remarks>Every function that is used takes nothing but pointers, sizes and whole numbers, at most eight of them, and returns a pointer to a status
/// or nothing. On the processors that .NET and the runtime share such arguments all travel in words of the size of a pointer, and the
/// callee reads as much of each as it declares; so that a call by words is the call that the header declares.</remarks>
sealed unsafe class RuntimeApi
{
    /// <summary>Table of the first version that runs opset 17; what later versions add stands behind it.</summary>
    const int TableVersion = 12;

    /// <summary>What the runtime may write to stderr of its own accord; errors come as exceptions anyway.</summary>
    internal const int FatalErrorsOnly = 4;

    readonly nint* table;

    RuntimeApi(nint library, nint* table, string name)
    {
        this.table = table;
        (Library, Name) = (library, name);
        PinnedText log = PinnedText.Of("secateur");
        Environment = Create(RuntimeEntry.ReleaseEnv, RuntimeEntry.CreateEnv, FatalErrorsOnly, log.Address);
        GC.KeepAlive(log);
        Call(RuntimeEntry.DisableTelemetryEvents, Environment.Raw);
        nint allocator;
        Call(RuntimeEntry.GetAllocatorWithDefaultOptions, (nint)(&allocator));
        Allocator = allocator;
    }

    /// <summary>The library itself, for what it exports beside the table.</summary>
    internal nint Library { get; }

    /// <summary>"ONNX Runtime 1.30.0".</summary>
    internal string Name { get; }

    /// <summary>Where the runtime keeps what all its sessions share; it lives as long as the process.</summary>
    internal RuntimeHandle Environment { get; }

    /// <summary>Frees what the runtime allocated for its caller; the runtime's own, never released.</summary>
    internal nint Allocator { get; }

    /// <summary>Asks a library that is loaded for its table.</summary>
    /// <param name="library">Its handle.</param>
    /// <param name="version">Receives its version: "1.30.0"; "" where it is no ONNX Runtime.</param>
    /// <returns>Its functions; null where it is too old, or not ONNX Runtime.</returns>
    internal static RuntimeApi? Of(nint library, out string version)
    {
        version = "";
        if (!NativeLibrary.TryGetExport(library, "OrtGetApiBase", out nint entry))
            return null;

        // OrtApiBase is two functions: the table of a version, and the version in words.
        var start = (nint*)((delegate* unmanaged<nint>)entry)();
        version = Marshal.PtrToStringUTF8(((delegate* unmanaged<nint>)start[1])()) ?? "";
        if (!System.Version.TryParse(version.Split('-', '+')[0], out Version? parsed) || (parsed.Major == 1 && parsed.Minor < TableVersion))
            return null;
        var table = (nint*)((delegate* unmanaged<uint, nint>)start[0])(TableVersion);
        return table is null ? null : new(library, table, $"ONNX Runtime {version}");
    }

    /// <summary>Calls a function and throws what it says went wrong.</summary>
    /// <exception cref="OnnxRuntimeException">It failed.</exception>
    internal void Call(RuntimeEntry entry, nint a) => Check(((delegate* unmanaged<nint, nint>)table[(int)entry])(a));

    /// <inheritdoc cref="Call(RuntimeEntry, nint)"/>
    internal void Call(RuntimeEntry entry, nint a, nint b) => Check(((delegate* unmanaged<nint, nint, nint>)table[(int)entry])(a, b));

    /// <inheritdoc cref="Call(RuntimeEntry, nint)"/>
    internal void Call(RuntimeEntry entry, nint a, nint b, nint c) => Check(((delegate* unmanaged<nint, nint, nint, nint>)table[(int)entry])(a, b, c));

    /// <inheritdoc cref="Call(RuntimeEntry, nint)"/>
    internal void Call(RuntimeEntry entry, nint a, nint b, nint c, nint d) => Check(((delegate* unmanaged<nint, nint, nint, nint, nint>)table[(int)entry])(a, b, c, d));

    /// <inheritdoc cref="Call(RuntimeEntry, nint)"/>
    internal void Call(RuntimeEntry entry, nint a, nint b, nint c, nint d, nint e) => Check(((delegate* unmanaged<nint, nint, nint, nint, nint, nint>)table[(int)entry])(a, b, c, d, e));

    /// <inheritdoc cref="Call(RuntimeEntry, nint)"/>
    internal void Call(RuntimeEntry entry, nint a, nint b, nint c, nint d, nint e, nint f, nint g) =>
        Check(((delegate* unmanaged<nint, nint, nint, nint, nint, nint, nint, nint>)table[(int)entry])(a, b, c, d, e, f, g));

    /// <inheritdoc cref="Call(RuntimeEntry, nint)"/>
    internal void Call(RuntimeEntry entry, nint a, nint b, nint c, nint d, nint e, nint f, nint g, nint h) =>
        Check(((delegate* unmanaged<nint, nint, nint, nint, nint, nint, nint, nint, nint>)table[(int)entry])(a, b, c, d, e, f, g, h));

    /// <summary>Releases what a function made.</summary>
    internal void Release(RuntimeEntry entry, nint value) => ((delegate* unmanaged<nint, void>)table[(int)entry])(value);

    /// <summary>Calls a function that makes something, which it hands out through its last argument.</summary>
    /// <exception cref="OnnxRuntimeException">It failed.</exception>
    internal RuntimeHandle Create(RuntimeEntry release, RuntimeEntry create)
    {
        nint made;
        Call(create, (nint)(&made));
        return new(this, release, made);
    }

    /// <inheritdoc cref="Create(RuntimeEntry, RuntimeEntry)"/>
    internal RuntimeHandle Create(RuntimeEntry release, RuntimeEntry create, nint a, nint b)
    {
        nint made;
        Call(create, a, b, (nint)(&made));
        return new(this, release, made);
    }

    /// <inheritdoc cref="Create(RuntimeEntry, RuntimeEntry)"/>
    internal RuntimeHandle Create(RuntimeEntry release, RuntimeEntry create, nint a, nint b, nint c)
    {
        nint made;
        Call(create, a, b, c, (nint)(&made));
        return new(this, release, made);
    }

    /// <inheritdoc cref="Create(RuntimeEntry, RuntimeEntry)"/>
    internal RuntimeHandle Create(RuntimeEntry release, RuntimeEntry create, nint a, nint b, nint c, nint d)
    {
        nint made;
        Call(create, a, b, c, d, (nint)(&made));
        return new(this, release, made);
    }

    /// <inheritdoc cref="Create(RuntimeEntry, RuntimeEntry)"/>
    internal RuntimeHandle Create(RuntimeEntry release, RuntimeEntry create, nint a)
    {
        nint made;
        Call(create, a, (nint)(&made));
        return new(this, release, made);
    }

    /// <summary>A text that the runtime allocated, which is freed.</summary>
    internal string Take(nint text)
    {
        string read = Marshal.PtrToStringUTF8(text) ?? "";
        if (text != 0)
            Call(RuntimeEntry.AllocatorFree, Allocator, text);
        return read;
    }

    /// <summary>Throws what a status says went wrong.</summary>
    /// <exception cref="OnnxRuntimeException">It says so.</exception>
    internal void Check(nint status)
    {
        if (status == 0)
            return;
        string message = Marshal.PtrToStringUTF8(((delegate* unmanaged<nint, nint>)table[(int)RuntimeEntry.GetErrorMessage])(status)) ?? "it does not say why";
        Release(RuntimeEntry.ReleaseStatus, status);
        throw new OnnxRuntimeException($"{Name}: {OneLine(message)}");
    }

    /// <summary>What a model is named may stand in a message: as one line, without what steers a terminal.</summary>
    static string OneLine(string message)
    {
        var line = new StringBuilder(message.Length);
        foreach (char letter in message.Trim())
            line.Append(char.IsControl(letter) ? ' ' : letter);
        return line.ToString();
    }
}
