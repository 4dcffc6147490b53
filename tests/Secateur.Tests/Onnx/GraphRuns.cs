using Secateur.Models.Text;
using Secateur.Models.Vit;
using Secateur.Onnx.Export;
using Secateur.Onnx.Runtime;

namespace Secateur.Tests.Onnx;

/// <summary>Runs exported models in ONNX Runtime.</summary>
internal static class GraphRuns
{
    /// <summary>One thread: a tiny network does not earn more, and results do not move with the machine.</summary>
    public static OnnxSession Open(OnnxModel model) => OnnxSession.Open(InstalledRuntime.Library, model.ToBytes(), new() { Threads = 1 });

    /// <summary>Answers to pictures.</summary>
    public static float[] Run(OnnxSession session, VisionTransformer network, float[] images, int batch)
    {
        (int height, int width) = network.ImageSize;
        return Only(session.Run(KeyValuePair.Create(OnnxExport.Images, OnnxTensor.Of<float>(images, batch, network.ImageLength / height / width, height, width))));
    }

    /// <summary>Answers to texts, padded to a length; of padding too where each token is answered.</summary>
    public static float[] Run(OnnxSession session, IReadOnlyList<TextTokens> texts, int length)
    {
        long[] ids = new long[texts.Count * length], mask = new long[ids.Length], types = new long[ids.Length];
        for (int s = 0; s < texts.Count; s++)
            for (int i = 0; i < texts[s].Ids.Length; i++)
                (ids[(s * length) + i], mask[(s * length) + i], types[(s * length) + i]) = (texts[s].Ids[i], 1, texts[s].Types.IsDefaultOrEmpty ? 0 : texts[s].Types[i]);
        var all = new Dictionary<string, OnnxTensor>
        {
            [OnnxExport.Ids] = OnnxTensor.Of<long>(ids, texts.Count, length),
            [OnnxExport.Mask] = OnnxTensor.Of<long>(mask, texts.Count, length),
            [OnnxExport.Types] = OnnxTensor.Of<long>(types, texts.Count, length),
        };
        return Only(session.Run([.. session.Inputs.Select(input => KeyValuePair.Create(input.Name, all[input.Name]))]));
    }

    /// <summary>Noise from -1 to 1.</summary>
    public static float[] Noise(VisionTransformer network, int batch, int seed = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, batch * network.ImageLength).Select(_ => (2 * random.NextSingle()) - 1)];
    }

    static float[] Only(IReadOnlyDictionary<string, OnnxTensor> outputs) => Assert.Single(outputs).Value.Values<float>().ToArray();
}
