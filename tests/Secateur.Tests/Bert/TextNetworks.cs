using System.Collections.Immutable;
using Secateur.Kernels;
using Secateur.Models.Bert;
using Secateur.Models.Checkpoints;
using Secateur.Models.Text;

namespace Secateur.Tests.Bert;

/// <summary>The small encoders of texts whose results the reference framework has written down, and the texts that they were given.</summary>
internal static class TextNetworks
{
    public static TextTransformer Load(string name, KernelSet? kernels = null, Threads? threads = null) =>
        TextTransformer.Load(Fixtures.Path(name), new() { Kernels = kernels, Threads = threads });

    public static SafetensorsFile Expected(string name) => SafetensorsFile.Open(Fixtures.Path($"{name}/expected.safetensors"));

    /// <summary>The rows of <c>input_ids</c> as far as <c>attention_mask</c> is one.</summary>
    public static ImmutableArray<TextTokens> Texts(SafetensorsFile expected)
    {
        long[] ids = Integers(expected, "input_ids"), types = Integers(expected, "token_type_ids"), mask = Integers(expected, "attention_mask");
        (int rows, int longest) = (expected.Tensors["input_ids"].Shape[0], expected.Tensors["input_ids"].Shape[1]);
        return
        [
            .. Enumerable.Range(0, rows).Select(row =>
            {
                int[] real = [.. Enumerable.Range(row * longest, longest).Where(i => mask[i] == 1)];
                return new TextTokens([.. real.Select(i => (int)ids[i])], [.. real.Select(i => (int)types[i])]);
            }),
        ];
    }

    /// <summary>The rows of a padded tensor [texts, longest, width] that are real tokens.</summary>
    public static float[] Unpad(SafetensorsFile expected, string name)
    {
        long[] mask = Integers(expected, "attention_mask");
        var padded = new float[expected.Tensors[name].Length];
        expected.Read(name, padded);
        int width = padded.Length / mask.Length;
        return [.. Enumerable.Range(0, mask.Length).Where(i => mask[i] == 1).SelectMany(i => padded[(i * width)..((i + 1) * width)])];
    }

    static long[] Integers(SafetensorsFile file, string name)
    {
        var values = new long[file.Tensors[name].Length];
        file.ReadInt64(name, values);
        return values;
    }
}
