using System.Collections.Immutable;

namespace Secateur.Onnx.Runtime;

/// <summary>A model that is open in ONNX Runtime. Many threads may run it at once.</summary>
public sealed class OnnxSession : IDisposable
{
    readonly ImmutableArray<PinnedText> inputNames, outputNames;

    OnnxSession(OnnxRuntimeLibrary library, OnnxSessionOptions options, Func<nint, RuntimeHandle> open)
    {
        library.Require(options.Provider);
        (Library, Options) = (library, options);
        using (RuntimeHandle native = SessionSetup.Create(library.Api, options))
            Handle = open(native.Raw);
        try
        {
            Inputs = SessionReader.Inputs(Api, Handle.Raw);
            Outputs = SessionReader.Outputs(Api, Handle.Raw);
            Metadata = SessionReader.Metadata(Api, Handle.Raw);
        }
        catch
        {
            Handle.Dispose();
            throw;
        }

        inputNames = [.. Inputs.Select(input => PinnedText.Of(input.Name))];
        outputNames = [.. Outputs.Select(output => PinnedText.Of(output.Name))];
    }

    /// <summary>The runtime.</summary>
    public OnnxRuntimeLibrary Library { get; }

    /// <summary>How it is run.</summary>
    public OnnxSessionOptions Options { get; }

    /// <summary>What the model takes.</summary>
    public ImmutableArray<OnnxValueInfo> Inputs { get; }

    /// <summary>What it gives.</summary>
    public ImmutableArray<OnnxValueInfo> Outputs { get; }

    /// <summary>What it says of itself.</summary>
    public OnnxModelMetadata Metadata { get; }

    internal RuntimeApi Api => Library.Api;

    internal RuntimeHandle Handle { get; }

    /// <summary>Opens a file.</summary>
    /// <param name="library">The runtime.</param>
    /// <param name="path">The model; weights outside it are found beside it.</param>
    /// <param name="options">How to run it; default: the processor, all cores.</param>
    /// <returns>The session.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="OnnxRuntimeException">The runtime cannot read or run it, or lacks the provider.</exception>
    public static unsafe OnnxSession Open(OnnxRuntimeLibrary library, string path, OnnxSessionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(library);
        string full = Path.GetFullPath(path);
        if (!File.Exists(full))
            throw new FileNotFoundException(Directory.Exists(full) ? $"{path} is a folder; name a model in it." : $"{path}: there is no such file.", path);
        return new(library, options ?? new(), native =>
        {
            PinnedText text = PinnedText.Path(full);
            RuntimeHandle made = Opened(library.Api, path, () => library.Api.Create(RuntimeEntry.ReleaseSession, RuntimeEntry.CreateSession, library.Api.Environment.Raw, text.Address, native));
            GC.KeepAlive(text);
            return made;
        });
    }

    /// <summary>Opens a model that is in memory; all its weights are inside.</summary>
    /// <param name="library">The runtime.</param>
    /// <param name="model">The bytes of its file; they are copied.</param>
    /// <param name="options">How to run it; default: the processor, all cores.</param>
    /// <returns>The session.</returns>
    /// <exception cref="OnnxRuntimeException">The runtime cannot read or run it, or lacks the provider.</exception>
    public static unsafe OnnxSession Open(OnnxRuntimeLibrary library, ReadOnlySpan<byte> model, OnnxSessionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(library);
        fixed (byte* start = model)
        {
            (nint address, nint length) = ((nint)start, model.Length);
            return new(library, options ?? new(), native => Opened(library.Api, "the model", () => library.Api.Create(RuntimeEntry.ReleaseSession, RuntimeEntry.CreateSessionFromArray, library.Api.Environment.Raw, address, length, native)));
        }
    }

    /// <summary>Runs the model once.</summary>
    /// <param name="inputs">Every input, by name.</param>
    /// <returns>Every output that is a tensor of a type known here, by name.</returns>
    /// <exception cref="ArgumentException">An input is missing, is not one of the model's, or is of another type or shape.</exception>
    /// <exception cref="OnnxRuntimeException">The run failed.</exception>
    /// <exception cref="ObjectDisposedException">The session was closed.</exception>
    public unsafe ImmutableDictionary<string, OnnxTensor> Run(params IReadOnlyList<KeyValuePair<string, OnnxTensor>> inputs)
    {
        OnnxTensor[] tensors = InOrder(inputs, Inputs, "input");
        using RuntimeHandle.Holding held = Handle.Hold();
        var values = new RuntimeValues(Api, tensors);
        var made = new nint[Outputs.Length];
        try
        {
            nint[] given = values.Addresses, from = [.. inputNames.Select(name => name.Address)], to = [.. outputNames.Select(name => name.Address)];
            fixed (nint* names = from, wanted = to, value = given, result = made)
                Api.Call(RuntimeEntry.Run, Handle.Raw, 0, (nint)names, (nint)value, given.Length, (nint)wanted, made.Length, (nint)result);
            return Outputs.Select((output, i) => (output.Name, Tensor: RuntimeValues.Copy(Api, made[i]))).Where(one => one.Tensor is not null).ToImmutableDictionary(one => one.Name, one => one.Tensor!);
        }
        finally
        {
            foreach (nint value in made.Where(value => value != 0))
                Api.Release(RuntimeEntry.ReleaseValue, value);
            values.Dispose();
            GC.KeepAlive(this);
        }
    }

    /// <summary>Binds inputs and outputs, so that the model runs many times on the same memory and nothing is allocated in between.</summary>
    /// <param name="inputs">Every input, by name; may be written to between two runs.</param>
    /// <param name="outputs">The outputs that are wanted, at least one, by name, in the shapes that these inputs give.</param>
    /// <returns>What runs it.</returns>
    /// <exception cref="ArgumentException">An input is missing; a name, type or shape is not the model's.</exception>
    /// <exception cref="OnnxRuntimeException">The runtime cannot bind them.</exception>
    /// <exception cref="ObjectDisposedException">The session was closed.</exception>
    public OnnxBinding Bind(IReadOnlyList<KeyValuePair<string, OnnxTensor>> inputs, IReadOnlyList<KeyValuePair<string, OnnxTensor>> outputs)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        OnnxTensor[] given = InOrder(inputs, Inputs, "input");
        ArgumentOutOfRangeException.ThrowIfZero(outputs.Count, nameof(outputs));
        OnnxValueInfo[] wanted = [.. Outputs.Where(output => outputs.Any(one => one.Key == output.Name))];
        OnnxTensor[] taken = InOrder(outputs, wanted, "output");
        using RuntimeHandle.Holding held = Handle.Hold();
        return new(this, [.. Inputs.Zip(given)], [.. wanted.Zip(taken)]);
    }

    /// <summary>Closes it; bindings that are left keep what they need until they are disposed.</summary>
    public void Dispose() => Handle.Dispose();

    OnnxTensor[] InOrder(IReadOnlyList<KeyValuePair<string, OnnxTensor>> named, IReadOnlyList<OnnxValueInfo> wanted, string kind)
    {
        ArgumentNullException.ThrowIfNull(named);
        string has = $"the model's {kind}s: {string.Join("; ", kind == "input" ? Inputs : Outputs)}.";
        foreach ((string name, _) in named)
            if (wanted.All(value => value.Name != name))
                throw new ArgumentException($"There is no {kind} '{name}'; {has}");
        var tensors = new OnnxTensor[wanted.Count];
        for (int i = 0; i < tensors.Length; i++)
        {
            OnnxTensor[] given = [.. named.Where(one => one.Key == wanted[i].Name).Select(one => one.Value)];
            if (given is not [{ } tensor])
                throw new ArgumentException($"The {kind} '{wanted[i].Name}' is given {given.Length} times, not once; {has}");
            if (!wanted[i].Fits(tensor))
                throw new ArgumentException($"The {kind} '{wanted[i].Name}' is given as {ElementTypes.Name(tensor.Type)} {OnnxTensor.Words(tensor.Shape.AsSpan())}, which does not fit; {has}");
            tensors[i] = tensor;
        }

        return tensors;
    }

    static RuntimeHandle Opened(RuntimeApi api, string what, Func<RuntimeHandle> open)
    {
        try
        {
            return open();
        }
        catch (OnnxRuntimeException e)
        {
            throw new OnnxRuntimeException($"{what} cannot be opened. {e.Message}", e);
        }
    }
}
