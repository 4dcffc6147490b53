using Secateur.Models.Bert;
using Secateur.Models.Text;
using Secateur.Onnx.Export;
using Secateur.Onnx.Runtime;

namespace Secateur.Onnx.Verify;

/// <summary>The file of an encoder of texts beside our engine: texts padded there, ragged here.</summary>
internal static class TextCheck
{
    const int Together = 4;

    public static OnnxCheckResult Run(
        string path, TextTransformer network, IReadOnlyList<(string Name, TextTokens Text)> texts, OnnxRuntimeLibrary library, OnnxSessionOptions options, IProgress<int>? progress, CancellationToken cancellation)
    {
        using OnnxSession file = OnnxSession.Open(library, path, options);
        (int given, int sequence) = ((int)file.Inputs[0].Shape[0], (int)file.Inputs[0].Shape[1]);
        double largest = 0;
        List<string> failures = [];
        int done = 0;
        while (done < texts.Count)
        {
            cancellation.ThrowIfCancellationRequested();
            int count = Math.Min(given > 0 ? given : done == 0 ? 1 : Together, texts.Count - done);
            (string Name, TextTokens Text)[] some = [.. texts.Skip(done).Take(count).Select(one => (one.Name, Cut(one.Text, sequence)))];
            foreach ((string name, double apart) in Compare(file, network, some, given > 0 ? given : count, sequence))
            {
                largest = Math.Max(largest, apart);
                if (apart > OnnxCheck.Tolerance)
                    failures.Add($"{name}: the answers differ by {apart:0.0e+0}, more than {OnnxCheck.Tolerance:0.0e+0}");
            }

            done += count;
            progress?.Report(done);
        }

        return new() { Runtime = library.Version, Inputs = texts.Count, Answers = texts.Count, LargestDifference = largest, Tolerance = OnnxCheck.Tolerance, Failures = [.. failures] };
    }

    static IEnumerable<(string Name, double Apart)> Compare(OnnxSession file, TextTransformer network, (string Name, TextTokens Text)[] texts, int batch, int sequence)
    {
        float[] ours = network.Run(TextBatch.Of([.. texts.Select(one => one.Text)]));
        int length = sequence > 0 ? sequence : texts.Max(one => one.Text.Ids.Length), row = network.Classes * (network.Config.Task == TextTask.TokenClassification ? length : 1), from = 0;
        float[] theirs = file.Run(Inputs(file, texts, batch, length))[OnnxModel.Answer(network)].Values<float>().ToArray();
        for (int i = 0; i < texts.Length; i++)
        {
            int count = network.Classes * (network.Config.Task == TextTask.TokenClassification ? texts[i].Text.Ids.Length : 1);
            yield return (texts[i].Name, Difference.Of(ours.AsSpan(from, count), theirs.AsSpan(i * row, count)));
            from += count;
        }
    }

    // The last text stands in where a file takes more than are left.
    static KeyValuePair<string, OnnxTensor>[] Inputs(OnnxSession file, (string Name, TextTokens Text)[] texts, int batch, int length)
    {
        OnnxTensor ids = new(OnnxElementType.Int64, batch, length), mask = new(OnnxElementType.Int64, batch, length), types = new(OnnxElementType.Int64, batch, length);
        for (int s = 0; s < batch; s++)
        {
            TextTokens text = texts[Math.Min(s, texts.Length - 1)].Text;
            for (int i = 0; i < text.Ids.Length; i++)
            {
                ids.Values<long>()[(s * length) + i] = text.Ids[i];
                mask.Values<long>()[(s * length) + i] = 1;
                types.Values<long>()[(s * length) + i] = text.Types.IsDefaultOrEmpty ? 0 : text.Types[i];
            }
        }

        return [.. file.Inputs.Select(input => KeyValuePair.Create(input.Name, input.Name switch { OnnxExport.Ids => ids, OnnxExport.Mask => mask, _ => types }))];
    }

    static TextTokens Cut(TextTokens text, int sequence) => sequence <= 0 || text.Ids.Length <= sequence
        ? text
        : new(text.Ids[..sequence], text.Types.IsDefaultOrEmpty ? [] : text.Types[..sequence]);
}
