using Secateur.Onnx.Runtime;

namespace Secateur.Tests.Onnx;

/// <summary>ONNX Runtime, where this machine has it: ./test installs npm's package of it under benchmarks/peers. Tests that need it skip with a
/// reason where it is absent.</summary>
internal static class InstalledRuntime
{
    static readonly Lazy<(OnnxRuntimeLibrary? Library, string Reason)> Found = new(() =>
    {
        try
        {
            return (OnnxRuntimeLibrary.Find(), "");
        }
        catch (OnnxRuntimeException e)
        {
            return (null, e.Message);
        }
    });

    /// <summary>The library.</summary>
    /// <exception cref="SkipException">It is not there.</exception>
    public static OnnxRuntimeLibrary Library
    {
        get
        {
            Skip.If(Found.Value.Library is null, Found.Value.Reason);
            return Found.Value.Library!;
        }
    }
}
