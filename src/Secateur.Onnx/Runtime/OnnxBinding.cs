using System.Collections.Immutable;

namespace Secateur.Onnx.Runtime;

/// <summary>A model with its inputs and outputs bound: each run reads the one and writes the other where they are. Runs of one binding wait
/// for each other.</summary>
public sealed class OnnxBinding : IDisposable
{
    readonly Lock gate = new();
    readonly RuntimeApi api;
    readonly RuntimeHandle session, binding, runOptions;
    readonly RuntimeValues inputs, outputs;
    readonly bool elsewhere;

    internal OnnxBinding(OnnxSession owner, ImmutableArray<(OnnxValueInfo Info, OnnxTensor Tensor)> from, ImmutableArray<(OnnxValueInfo Info, OnnxTensor Tensor)> to)
    {
        (api, session, elsewhere) = (owner.Api, owner.Handle, owner.Options.Provider != OnnxProvider.Cpu);
        inputs = new(api, [.. from.Select(one => one.Tensor)]);
        outputs = new(api, [.. to.Select(one => one.Tensor)]);
        runOptions = api.Create(RuntimeEntry.ReleaseRunOptions, RuntimeEntry.CreateRunOptions);
        binding = Bound(session);
        Bind(RuntimeEntry.BindInput, [.. from.Select(one => one.Info.Name)], inputs.Addresses);
        Bind(RuntimeEntry.BindOutput, [.. to.Select(one => one.Info.Name)], outputs.Addresses);
    }

    /// <summary>Runs the model once; afterwards the outputs hold what it gave.</summary>
    /// <exception cref="OnnxRuntimeException">The run failed.</exception>
    /// <exception cref="ObjectDisposedException">The binding was disposed.</exception>
    public void Run()
    {
        lock (gate)
        {
            using RuntimeHandle.Holding held = binding.Hold();
            if (elsewhere)
                api.Call(RuntimeEntry.SynchronizeBoundInputs, binding.Raw);
            api.Call(RuntimeEntry.RunWithBinding, session.Raw, runOptions.Raw, binding.Raw);
            if (elsewhere)
                api.Call(RuntimeEntry.SynchronizeBoundOutputs, binding.Raw);
        }
    }

    /// <summary>Lets go of the session; the tensors stay.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            binding.Dispose();
            inputs.Dispose();
            outputs.Dispose();
            runOptions.Dispose();
        }
    }

    /// <summary>The session lives for as long as what is bound to it.</summary>
    unsafe RuntimeHandle Bound(RuntimeHandle to)
    {
        nint made;
        api.Call(RuntimeEntry.CreateIoBinding, to.Raw, (nint)(&made));
        return new(api, RuntimeEntry.ReleaseIoBinding, made, to);
    }

    void Bind(RuntimeEntry entry, ImmutableArray<string> names, nint[] values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            PinnedText name = PinnedText.Of(names[i]);
            api.Call(entry, binding.Raw, name.Address, values[i]);
            GC.KeepAlive(name);
        }
    }
}
