using Secateur.Benchmarks.Measuring;

namespace Secateur.Benchmarks.Networks;

/// <summary>One network at one batch size on some threads, beside ONNX Runtime.</summary>
/// <param name="Network">Which.</param>
/// <param name="Batch">Pictures in a run.</param>
/// <param name="Threads">Threads of each engine.</param>
/// <param name="OnnxForm">The ONNX file that ONNX Runtime was faster on.</param>
/// <param name="Rounds">How often the engines took turns.</param>
/// <param name="OnnxRuntime">Milliseconds of a run.</param>
/// <param name="Secateur">Milliseconds of a run.</param>
/// <param name="Gain">ONNX Runtime's time over ours, round by round.</param>
/// <param name="GigaMacs">Multiply-adds of a run, 10^9.</param>
/// <param name="OnnxShare">ONNX Runtime's share of the multiply-add peak, round by round.</param>
/// <param name="Share">Our share of the multiply-add peak, round by round.</param>
/// <param name="Peak">The multiply-add peak, 10^9 operations a second.</param>
internal sealed record NetworkCell(
    string Network, int Batch, int Threads, string OnnxForm, int Rounds, Spread OnnxRuntime, Spread Secateur, Spread Gain, double GigaMacs, Spread OnnxShare, Spread Share, Spread Peak);
