using System.Diagnostics;
using Secateur.Benchmarks.Measuring;
using Secateur.Kernels;
using Secateur.Models;
using Secateur.Models.Vit;

namespace Secateur.Benchmarks.Networks;

/// <summary>Where the time of a dense run goes: the kernels of all blocks in the order of a run, each block with weights of its own,
/// a watch around each; in turns with the whole run and the multiply-add loop. Beside it what ONNX Runtime's own profiler says.</summary>
internal static class ProfileBench
{
    /// <summary>Arguments: <c>--network DeiT-S --batch 1 --threads 2 --rounds 15</c>.</summary>
    public static void Run(ReadOnlySpan<string> arguments)
    {
        var options = new Options(arguments, "--network", "--batch", "--threads", "--rounds");
        DeitNetwork network = DeitNetwork.Named(options.Words("--network", "DeiT-S")[0]);
        int batch = options.Number("--batch", 1), threads = options.Number("--threads", 2), rounds = options.Number("--rounds", 15);
        using var pool = new Threads(threads);
        VisionTransformer model = network.Load(pool);
        float[] pictures = DeitNetwork.Pictures(model, batch), logits = new float[batch * model.Classes];
        var peak = new MultiplyAddPeak(KernelSet.Default, pool);
        ProfiledPart[] parts = Parts(model, pool, batch);
        List<double> peaks = [];
        double whole = Spread.MedianOf(Turns.Measure(rounds, 0, () => model.Run(pictures, batch, logits), Replay, () => peaks.Add(peak.Measure(0.02)))[0]);
        double top = Spread.MedianOf(peaks), sum = 0, flops = 0;

        Console.WriteLine($"{network.Name} batch {batch}, {threads} threads, peak {top:F0} GFLOP/s");
        Console.WriteLine("part                         ms a run   share   GFLOP/s   of peak");
        foreach (ProfiledPart part in parts)
        {
            double milliseconds = Spread.MedianOf(part.Times);
            (sum, flops) = (sum + milliseconds, flops + part.Flops);
            Line(part.Name, milliseconds, part.Flops);
        }

        Line("the rest", whole - sum, 0);
        Line("whole run", whole, flops);

        using var peer = new OnnxRuntimePeer();
        peer.Load(network.Onnx("fused", batch), batch, threads);
        Console.WriteLine("ONNX Runtime's own profile (fused.onnx; timing each operator slows it a little):");
        foreach ((string name, double calls, double milliseconds) in peer.Profile(rounds).Take(8))
            Console.WriteLine($"{name,-26} {milliseconds,10:F2}   ({calls:F0} calls)");

        void Line(string name, double milliseconds, double flops)
        {
            double speed = flops / milliseconds / 1e6;
            Console.WriteLine($"{name,-26} {milliseconds,10:F2} {milliseconds / whole,7:0.0%}{(flops > 0 ? $" {speed,9:F1} {speed / top,9:0.0%}" : "")}");
        }

        void Replay()
        {
            foreach (ProfiledPart part in parts)
                part.Ticks = 0;
            parts[0].Run(0);
            for (int block = 0; block < model.Depth; block++)
                foreach (ProfiledPart part in parts.AsSpan(1))
                    part.Run(block);
            foreach (ProfiledPart part in parts)
                part.Times.Add(part.Ticks * 1000.0 / Stopwatch.Frequency);
        }
    }

    /// <summary>The patch embedding, then the parts of a block in their order.</summary>
    static ProfiledPart[] Parts(VisionTransformer model, Threads pool, int batch)
    {
        KernelSet kernels = KernelSet.Default;
        BlockShape shape = model.Blocks[0];
        int width = model.Width, neurons = shape.Neurons, tokens = model.PrefixTokens + model.PatchTokens, rows = batch * tokens, patch = 3 * model.PatchSize * model.PatchSize;
        int[] offsets = [.. Enumerable.Range(0, batch + 1).Select(s => s * tokens)];
        Matrix patches = Filled(model.PatchTokens, patch), embedded = Filled(model.PatchTokens, width);
        Matrix x = Filled(rows, width), normed = Filled(rows, width), qkv = Filled(rows, 3 * width), hidden = Filled(rows, neurons);
        float[] one = [.. Enumerable.Repeat(1f, width)], zero = new float[width];
        var scratch = new AttentionScratch();
        double products = 2.0 * rows * width * model.Depth;
        Action<int> embed = Product(patches, embedded, 1), norm = _ => kernels.LayerNorm(pool, x, one, zero, 1e-6f, normed);
        return
        [
            new("patch embedding", 2.0 * batch * model.PatchTokens * patch * width, block => Repeat(batch, embed, block)),
            new("layer norm 1", 0, norm),
            new("queries, keys, values", 3 * products * width, Product(normed, qkv, model.Depth)),
            new("attention", 2 * products * tokens, _ => kernels.Attention(pool, qkv, offsets, shape.Heads, default, default, normed, null, scratch)),
            new("projection, residual", products * width, Product(normed, x, model.Depth, residual: x)),
            new("layer norm 2", 0, norm),
            new("fc1, GELU", products * neurons, Product(normed, hidden, model.Depth, Activation.Gelu)),
            new("fc2, residual", products * neurons, Product(hidden, x, model.Depth, residual: x)),
        ];

        // Small weights keep the rows of the replay finite however often they pass the residuals.
        Action<int> Product(Matrix from, Matrix to, int blocks, Activation activation = Activation.None, Matrix? residual = null)
        {
            float[] weight = [.. Enumerable.Repeat(1e-6f, to.Columns * from.Columns)];
            PackedMatrix[] weights = [.. Enumerable.Range(0, blocks).Select(_ => kernels.Pack(weight, to.Columns, from.Columns))];
            var epilogue = new Epilogue { Bias = new float[to.Columns], Activation = activation, Residual = residual };
            return block => kernels.Multiply(pool, from, weights[block], to, epilogue);
        }
    }

    static void Repeat(int times, Action<int> action, int argument)
    {
        for (int i = 0; i < times; i++)
            action(argument);
    }

    static Matrix Filled(int rows, int columns)
    {
        Matrix matrix = Matrix.Allocate(rows, columns);
        var random = new Random(1);
        for (int i = 0; i < rows; i++)
            foreach (ref float value in matrix.Row(i))
                value = random.NextSingle() - 0.5f;
        return matrix;
    }
}
