using System.Runtime.InteropServices;

namespace Secateur.Onnx.Runtime;

/// <summary>Something that ONNX Runtime made, released once, after everything that was made from it.</summary>
sealed class RuntimeHandle : SafeHandle
{
    readonly RuntimeApi api;
    readonly RuntimeEntry release;
    readonly RuntimeHandle? parent;

    /// <summary>Takes it over.</summary>
    /// <param name="api">The runtime.</param>
    /// <param name="release">What releases it.</param>
    /// <param name="value">It.</param>
    /// <param name="parent">What must live for as long.</param>
    internal RuntimeHandle(RuntimeApi api, RuntimeEntry release, nint value, RuntimeHandle? parent = null)
        : base(0, ownsHandle: true)
    {
        (this.api, this.release) = (api, release);
        bool held = false;
        try
        {
            parent?.DangerousAddRef(ref held);
        }
        finally
        {
            this.parent = held ? parent : null;
            SetHandle(value);
        }
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>It, for a call while this object is known to be alive: it is local, or held by <see cref="Hold"/>.</summary>
    internal nint Raw => handle;

    /// <summary>Keeps it from being released until what is returned is disposed.</summary>
    /// <exception cref="ObjectDisposedException">It was released.</exception>
    internal Holding Hold() => new(this);

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        api.Release(release, handle);
        parent?.DangerousRelease();
        return true;
    }

    /// <summary>A handle that is not released for as long as this is not disposed.</summary>
    internal readonly ref struct Holding
    {
        readonly RuntimeHandle held;

        internal Holding(RuntimeHandle held)
        {
            this.held = held;
            bool added = false;
            held.DangerousAddRef(ref added);
        }

        public void Dispose() => held.DangerousRelease();
    }
}
