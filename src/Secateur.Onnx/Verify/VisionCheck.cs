using Secateur.Models.Tokens;
using Secateur.Models.Vit;
using Secateur.Onnx.Export;
using Secateur.Onnx.Graphs;
using Secateur.Onnx.Runtime;

namespace Secateur.Onnx.Verify;

/// <summary>A vision transformer's file beside our engine.</summary>
internal sealed class VisionCheck(VisionTransformer network, TokenPlan plan, OnnxModel model, OnnxRuntimeLibrary library, OnnxSessionOptions options)
{
    // Where a file takes any number of pictures: one alone, then several together.
    const int Together = 4;

    readonly List<string> ties = [];
    readonly List<string> failures = [];
    readonly int[] order = [.. Enumerable.Range(0, plan.Stages.Length).OrderBy(i => plan.Stages[i].Block).ThenBy(i => plan.Stages[i].Position)];
    int decisions;
    int answers;
    double largest;

    public OnnxCheckResult Run(string path, IReadOnlyList<(string Name, float[] Input)> pictures, IProgress<int>? progress, CancellationToken cancellation)
    {
        using OnnxSession file = OnnxSession.Open(library, path, options);
        string? beside = plan.Stages.IsEmpty ? null : Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, $".{Path.GetFileName(path)}.{Path.GetRandomFileName()}");
        OnnxSession? deciding = null;
        try
        {
            if (beside is not null)
            {
                OnnxFile.WriteBeside(model.Deciding, beside, model.Proto, path);
                deciding = OnnxSession.Open(library, beside, options);
            }

            int given = (int)file.Inputs[0].Shape[0], done = 0;
            while (done < pictures.Count)
            {
                cancellation.ThrowIfCancellationRequested();
                int count = Math.Min(given > 0 ? given : done == 0 ? 1 : Together, pictures.Count - done);
                Compare(file, deciding, [.. pictures.Skip(done).Take(count)], given > 0 ? given : count);
                done += count;
                progress?.Report(done);
            }
        }
        finally
        {
            deciding?.Dispose();
            if (beside is not null)
                File.Delete(beside);
        }

        if (answers == 0 && failures.Count == 0)
            failures.Add("no answer could be compared, since every picture has a decision that hangs on rounding; check with other pictures");
        return new()
        {
            Runtime = library.Version,
            Inputs = pictures.Count,
            Decisions = decisions,
            Answers = answers,
            LargestDifference = largest,
            Tolerance = OnnxCheck.Tolerance,
            Ties = [.. ties],
            Failures = [.. failures],
        };
    }

    /// <summary>Noise as bytes become when they are normalised.</summary>
    public static float[] Noise(VisionTransformer network, int seed)
    {
        var random = new Random(seed);
        ImagePreprocessing rules = network.Config.Preprocessing;
        float[] image = new float[network.ImageLength];
        int plane = network.ImageSize.Height * network.ImageSize.Width;
        for (int i = 0; i < image.Length; i++)
        {
            (float mean, float deviation) = Colour(rules, i / plane % 3);
            image[i] = ((random.Next(256) / 255f) - mean) / deviation;
        }

        return image;
    }

    void Compare(OnnxSession file, OnnxSession? deciding, (string Name, float[] Input)[] pictures, int batch)
    {
        // The last picture stands in where a file takes more than are left.
        float[] images = [.. Enumerable.Range(0, batch).SelectMany(i => pictures[Math.Min(i, pictures.Length - 1)].Input)];
        Answered ours = TieSearch.Run(network, plan, images, batch);
        OnnxTensor input = Input(file, images, batch);
        var search = new TieSearch(network, plan, images, batch, ours);
        IReadOnlyDictionary<string, OnnxTensor>? decided = deciding?.Run(KeyValuePair.Create(deciding.Inputs[0].Name, input));
        float[] logits = file.Run(KeyValuePair.Create(file.Inputs[0].Name, input))[OnnxModel.Answer(network)].Values<float>().ToArray();
        for (int i = 0; i < pictures.Length; i++)
            if (decided is null || Decisions(decided, ours, search, i, pictures[i].Name))
                Answer(logits.AsSpan(i * network.Classes, network.Classes), ours, search, i, pictures[i].Name);
    }

    // Whether all are the same.
    bool Decisions(IReadOnlyDictionary<string, OnnxTensor> decided, Answered ours, TieSearch search, int picture, string name)
    {
        for (int i = 0; i < order.Length; i++)
        {
            int stage = order[i];
            int[] here = ours.Groups[(stage, picture)], there = Group(decided, stage, picture, here.Length);
            decisions++;
            int[] otherwise = [.. Enumerable.Range(0, here.Length).Where(token => token >= there.Length || here[token] != there[token])];
            if (otherwise.Length == 0)
                continue;
            string where = $"{name}: stage {stage} (block {plan.Stages[stage].Block}) decides otherwise about {Words(otherwise)}";
            if (search.Explains(picture, stage, order.AsSpan(0, i), otherwise))
                ties.Add($"{where}, as our own engine does when its input moves by rounding: a tie");
            else
                failures.Add($"{where}, and our own engine does not when its input moves by rounding");
            return false;
        }

        return true;
    }

    void Answer(ReadOnlySpan<float> theirs, Answered ours, TieSearch search, int picture, string name)
    {
        double apart = Difference.Of(ours.Logits.AsSpan(picture * network.Classes, network.Classes), theirs);
        if (apart > OnnxCheck.Tolerance && !plan.Stages.IsEmpty && search.Answers(picture, theirs, OnnxCheck.Tolerance))
        {
            ties.Add($"{name}: the answers differ by {apart:0.0e+0}, as those of our own engine do where its input moves by rounding and a decision with it: a tie");
            return;
        }

        answers++;
        largest = Math.Max(largest, apart);
        if (apart > OnnxCheck.Tolerance)
            failures.Add($"{name}: the answers differ by {apart:0.0e+0}, more than {OnnxCheck.Tolerance:0.0e+0}");
    }

    // The group of every token. A stage that is not in the graph leaves all of them as they are.
    static int[] Group(IReadOnlyDictionary<string, OnnxTensor> decided, int stage, int picture, int tokens)
    {
        bool kept = decided.TryGetValue(OnnxModel.Decision(stage, kept: true), out OnnxTensor? indices);
        if (!kept && !decided.TryGetValue(OnnxModel.Decision(stage, kept: false), out indices))
            return [.. Enumerable.Range(0, tokens)];
        int columns = (int)indices!.Shape[1], row = indices.Shape[0] == 1 ? 0 : picture; // one for all pictures where nothing of them is looked at
        ReadOnlySpan<long> numbers = indices.Values<long>().Slice(row * columns, columns);
        int[] group = new int[kept ? tokens : columns];
        Array.Fill(group, TokenMap.Dropped);
        for (int i = 0; i < columns; i++)
            if (!kept)
                group[i] = (int)numbers[i];
            else if ((ulong)numbers[i] < (ulong)tokens)
                group[numbers[i]] = i;
        return group;
    }

    OnnxTensor Input(OnnxSession file, float[] images, int batch)
    {
        (int height, int width) = network.ImageSize;
        int plane = height * width;
        if (file.Inputs[0].Type != OnnxElementType.UInt8)
            return OnnxTensor.Of<float>(images, batch, network.ImageLength / plane, height, width);

        // Bytes that were normalised, back to bytes.
        byte[] pixels = new byte[images.Length];
        for (int i = 0; i < images.Length; i++)
        {
            (int picture, int channel, int place) = (i / (3 * plane), i / plane % 3, i % plane);
            (float mean, float deviation) = Colour(network.Config.Preprocessing, channel);
            pixels[(picture * 3 * plane) + (3 * place) + channel] = (byte)Math.Clamp(MathF.Round(((images[i] * deviation) + mean) * 255), 0, 255);
        }

        return OnnxTensor.Of<byte>(pixels, batch, height, width, 3);
    }

    static (float Mean, float Deviation) Colour(ImagePreprocessing rules, int channel) => channel switch
    {
        0 => (rules.Mean.Red, rules.Deviation.Red),
        1 => (rules.Mean.Green, rules.Deviation.Green),
        _ => (rules.Mean.Blue, rules.Deviation.Blue),
    };

    static string Words(int[] tokens)
    {
        const int most = 8;
        return $"{(tokens.Length == 1 ? "token" : "tokens")} {string.Join(", ", tokens.Take(most))}{(tokens.Length > most ? $" and {tokens.Length - most} more" : "")}";
    }
}
