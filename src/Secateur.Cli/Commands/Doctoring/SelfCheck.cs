using System.Collections.Immutable;
using System.Diagnostics;
using System.Security.Cryptography;
using Secateur.Evaluation.Datasets;
using Secateur.Evaluation.Timing;
using Secateur.Kernels;
using Secateur.Models.Images;
using Secateur.Models.Vit;

namespace Secateur.Cli.Commands.Doctoring;

/// <summary>Checks in a few seconds that this machine computes what it should.</summary>
internal static class SelfCheck
{
    /// <summary>A picture of 16 x 16 pixels, made for this, as JPEG; and the SHA-256 of its pixels.</summary>
    const string Jpeg = "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIsIxwcKDcpLDAxNDQ0Hyc5PTgyPC4zNDL/2wBDAQkJCQwLDBgNDRgyIRwhMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjL/wgARCAAQABADAREAAhEBAxEB/8QAFgABAQEAAAAAAAAAAAAAAAAABQEG/8QAFwEBAQEBAAAAAAAAAAAAAAAABQQAAv/aAAwDAQACEAMQAAABpsCGUzaE6Pan/8QAFhABAQEAAAAAAAAAAAAAAAAAAgAD/9oACAEBAAEFAg4uGkdL/8QAFhEBAQEAAAAAAAAAAAAAAAAAAwAC/9oACAEDAQE/ASxDiI4Tv//EABoRAAIDAQEAAAAAAAAAAAAAAAABAgMREjH/2gAIAQIBAT8BVOkqMWkIpelvHOI//8QAFBABAAAAAAAAAAAAAAAAAAAAIP/aAAgBAQAGPwIf/8QAGBABAQADAAAAAAAAAAAAAAAAAGEBETH/2gAIAQEAAT8hqssw66//2gAMAwEAAgADAAAAEANv/8QAFxEAAwEAAAAAAAAAAAAAAAAAAAEQEf/aAAgBAwEBPxC4P0//xAAZEQACAwEAAAAAAAAAAAAAAAAAAREhMaH/2gAIAQIBAT8QI0FQJN7fD//EABYQAQEBAAAAAAAAAAAAAAAAAAERAP/aAAgBAQABPxC0yYOES4whS7//2Q==";

    const string JpegPixels = "713f5264cb5ffeb3bd227aa676d7dabef47ceb8b2e2e92f4297d946f09b09599";

    /// <summary>The bundled network's answers on the first scenes that it was never trained on.</summary>
    static readonly ImmutableArray<int> Answers = [0, 9, 9, 9, 3, 4, 9, 8, 1, 9, 0, 0, 3, 7, 10, 4];

    /// <summary>Scenes for widths other than the one in use: the scalar one is slow.</summary>
    const int Few = 2;

    /// <summary>Threads that wait for longer say nothing about speed.</summary>
    const double MostWaited = 0.05;

    const string Report = "this machine or this build computes wrongly; report it with the output of secateur doctor --json";

    /// <summary>All checks, each when it is asked for.</summary>
    /// <param name="cancellation">Stops between two of them.</param>
    public static IEnumerable<Finding> All(CancellationToken cancellation)
    {
        (string Name, Func<string, Finding> Check)[] checks =
        [
            ("matrix products", Products),
            ("network", Answering),
            ("PNG", Png),
            ("JPEG", JpegFile),
            ("speed", Speed),
        ];
        foreach ((string name, Func<string, Finding> check) in checks)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return Safely(name, check);
        }
    }

    static Finding Safely(string name, Func<string, Finding> check)
    {
        try
        {
            return check(name);
        }
        catch (ImageException e)
        {
            return Finding.Problem(name, e.Message, "install the library, see above");
        }
        catch (BadInputException e)
        {
            return Finding.Problem(name, e.Message, "install secateur again");
        }
    }

    /// <summary>On every width and with every thread: each sum is one multiply-add after another, to the bit.</summary>
    static Finding Products(string name)
    {
        const int rows = 37, inputs = 129, outputs = 65;
        var random = new Random(1);
        Matrix x = Matrix.Allocate(rows, inputs), y = Matrix.Allocate(rows, outputs);
        for (int i = 0; i < rows; i++)
            foreach (ref float value in x.Row(i))
                value = random.NextSingle() - 0.5f;
        float[] weight = [.. Enumerable.Range(0, outputs * inputs).Select(_ => random.NextSingle() - 0.5f)];
        foreach (KernelSet kernels in KernelSet.Supported)
        {
            kernels.Multiply(Threads.Shared, x, kernels.Pack(weight, outputs, inputs), y, default);
            for (int i = 0; i < rows; i++)
                for (int j = 0; j < outputs; j++)
                {
                    float sum = 0;
                    for (int k = 0; k < inputs; k++)
                        sum = MathF.FusedMultiplyAdd(x.Row(i)[k], weight[(j * inputs) + k], sum);
                    if (BitConverter.SingleToInt32Bits(sum) != BitConverter.SingleToInt32Bits(y.Row(i)[j]))
                        return Finding.Problem(name, $"on {kernels.Name}, row {i} column {j} is {y.Row(i)[j]:R} instead of {sum:R}", Report);
                }
        }

        return Finding.Ok(name, $"the bits of a plain loop on {string.Join(", ", KernelSet.Supported.Select(set => set.Name))}, with {Threads.Shared.Count} threads");
    }

    static Finding Answering(string name)
    {
        foreach (KernelSet kernels in KernelSet.Supported)
        {
            VisionTransformer network = VisionTransformer.Load(Network.Locate("scenes-vit"), new() { Kernels = kernels });
            int count = kernels == KernelSet.Default ? Answers.Length : Few;
            var scenes = new SceneSet(SceneGenerator.FirstHeldOutSeed, count, network.Config.Preprocessing);
            var input = new float[count * scenes.InputLength];
            for (int i = 0; i < count; i++)
                scenes.Draw(i, input.AsSpan(i * scenes.InputLength, scenes.InputLength));
            float[] logits = network.Run(input, count);
            for (int i = 0; i < count; i++)
            {
                int answer = Classification.Likeliest(logits.AsSpan(i * network.Classes, network.Classes).ToArray(), 1, network.Config.Labels)[0].Index;
                if (answer != Answers[i])
                    return Finding.Problem(name, $"on {kernels.Name}, scene {i} is called {SceneGenerator.Classes[answer]} instead of {SceneGenerator.Classes[Answers[i]]}", Report);
            }
        }

        return Finding.Ok(name, $"scenes-vit gives the {Answers.Length} answers that were recorded for it");
    }

    static Finding Png(string name)
    {
        var picture = new RgbImage(33, 17);
        new Random(1).NextBytes(picture.Pixels);
        return picture.Pixels.SequenceEqual(ImageFile.Decode(PngWriter.Encode(picture), "a picture made here").Pixels)
            ? Finding.Ok(name, "a picture is read as it was written, to the bit")
            : Finding.Problem(name, "a picture is read otherwise than it was written", Report);
    }

    static Finding JpegFile(string name) =>
        Convert.ToHexStringLower(SHA256.HashData(ImageFile.Decode(Convert.FromBase64String(Jpeg), "a picture that travels with secateur").Pixels)) == JpegPixels
            ? Finding.Ok(name, "a known picture has its known pixels, to the bit")
            : Finding.Problem(name, "a known picture has other pixels than it should: this libjpeg-turbo decodes otherwise", "answers may differ in the last digits from those of other machines; install the libjpeg-turbo of your system");

    /// <summary>A matrix product in turn with multiply-adds that never leave the registers; the best of each, which other programs disturbed
    /// least. Says how fast and how busy the machine is; neither is a fault.</summary>
    static Finding Speed(string name)
    {
        const int size = 512, rounds = 25;
        const double slice = 0.002;
        KernelSet kernels = KernelSet.Default;
        Matrix x = Matrix.Allocate(size, size), y = Matrix.Allocate(size, size);
        PackedMatrix weight = kernels.Pack(new float[size * size], size, size);
        var peak = new MultiplyAddPeak(kernels, Threads.Shared);
        var waiting = new WaitingForCores();
        double most = 0, shortest = double.PositiveInfinity;
        for (int round = 0; round < rounds; round++)
        {
            most = Math.Max(most, peak.Measure(slice));
            long start = Stopwatch.GetTimestamp();
            kernels.Multiply(Threads.Shared, x, weight, y, default);
            shortest = Math.Min(shortest, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        double product = 2.0 * size * size * size / shortest / 1e9;
        string found = $"a matrix product reaches {product:0} GFLOP/s with {Threads.Shared.Count} threads, {product / most:0%} of what multiply-adds alone do ({most:0}); the best of {rounds}";
        return waiting.Part(Threads.Shared.Count) is { } waited and > MostWaited
            ? Finding.Note(name, found, $"other programs are at work: threads had to wait for a core {waited:0%} of the time, so that these numbers say little; measure on a quiet machine")
            : Finding.Ok(name, found);
    }
}
