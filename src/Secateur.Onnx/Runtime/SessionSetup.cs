using System.Globalization;
using System.Runtime.InteropServices;

namespace Secateur.Onnx.Runtime;

/// <summary>Options of a session as the runtime's own.</summary>
static unsafe class SessionSetup
{
    /// <summary>Makes them.</summary>
    /// <exception cref="OnnxRuntimeException">The runtime cannot start the provider.</exception>
    internal static RuntimeHandle Create(RuntimeApi api, OnnxSessionOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(options.Threads, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options.Device, nameof(options));
        RuntimeHandle native = api.Create(RuntimeEntry.ReleaseSessionOptions, RuntimeEntry.CreateSessionOptions);
        try
        {
            api.Call(RuntimeEntry.SetSessionLogSeverityLevel, native.Raw, RuntimeApi.FatalErrorsOnly);
            api.Call(RuntimeEntry.SetSessionGraphOptimizationLevel, native.Raw, (int)options.Optimisation);
            api.Call(RuntimeEntry.SetIntraOpNumThreads, native.Raw, options.Threads);
            api.Call(RuntimeEntry.SetInterOpNumThreads, native.Raw, 1);
            if (!options.SpinBetweenRuns)
            {
                PinnedText key = PinnedText.Of("session.force_spinning_stop"), value = PinnedText.Of("1");
                api.Call(RuntimeEntry.AddSessionConfigEntry, native.Raw, key.Address, value.Address);
                GC.KeepAlive(key);
                GC.KeepAlive(value);
            }

            Append(api, native.Raw, options.Provider, options.Device);
            return native;
        }
        catch
        {
            native.Dispose();
            throw;
        }
    }

    /// <summary>Puts a provider before the processor.</summary>
    static void Append(RuntimeApi api, nint options, OnnxProvider provider, int device)
    {
        if (provider == OnnxProvider.TensorRt)
            WithOptions(api, options, device, RuntimeEntry.CreateTensorRtOptions, RuntimeEntry.UpdateTensorRtOptions, RuntimeEntry.AppendTensorRt, RuntimeEntry.ReleaseTensorRtOptions);

        // What TensorRT does not compile runs on the same card.
        if (provider == OnnxProvider.Cuda || provider == OnnxProvider.TensorRt)
            WithOptions(api, options, device, RuntimeEntry.CreateCudaOptions, RuntimeEntry.UpdateCudaOptions, RuntimeEntry.AppendCuda, RuntimeEntry.ReleaseCudaOptions);
        if (provider == OnnxProvider.DirectMl)
        {
            api.Call(RuntimeEntry.DisableMemPattern, options);
            Exported(api, options, "OrtSessionOptionsAppendExecutionProvider_DML", device);
        }

        if (provider == OnnxProvider.CoreMl)
            Exported(api, options, "OrtSessionOptionsAppendExecutionProvider_CoreML", 0);
        if (provider == OnnxProvider.OpenVino)
        {
            PinnedText name = PinnedText.Of("OpenVINO");
            api.Call(RuntimeEntry.AppendProvider, options, name.Address, 0, 0, 0);
            GC.KeepAlive(name);
        }
    }

    static void WithOptions(RuntimeApi api, nint options, int device, RuntimeEntry create, RuntimeEntry update, RuntimeEntry append, RuntimeEntry release)
    {
        using RuntimeHandle own = api.Create(release, create);
        PinnedText key = PinnedText.Of("device_id"), value = PinnedText.Of(device.ToString(CultureInfo.InvariantCulture));
        nint keys = key.Address, values = value.Address;
        api.Call(update, own.Raw, (nint)(&keys), (nint)(&values), 1);
        api.Call(append, options, own.Raw);
        GC.KeepAlive(key);
        GC.KeepAlive(value);
    }

    /// <summary>Some builds export a function for their provider instead of naming it in the table.</summary>
    static void Exported(RuntimeApi api, nint options, string name, int argument)
    {
        if (!NativeLibrary.TryGetExport(api.Library, name, out nint append))
            throw new OnnxRuntimeException($"{api.Name} lists this provider but has no {name}; take another build of it.");
        api.Check(((delegate* unmanaged<nint, int, nint>)append)(options, argument));
    }
}
