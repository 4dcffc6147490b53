using System.Diagnostics;
using Secateur.Kernels;
using Secateur.Models.Images;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;

namespace Secateur.Cli.Commands;

/// <summary>Takes picture files through a network, some at once; a broken one is reported and left out.</summary>
/// <param name="network">The network.</param>
/// <param name="plan">Which tokens to compute.</param>
/// <param name="rules">How a picture becomes the network's input.</param>
/// <param name="batch">How many run at once.</param>
/// <param name="keepLogits">Whether <see cref="Logits"/> is wanted.</param>
internal sealed class ClassifierRun(VisionTransformer network, TokenPlan plan, ImagePreprocessing rules, int batch, bool keepLogits)
{
    readonly float[] pixels = new float[batch * network.ImageLength];
    readonly float[] answers = new float[batch * network.Classes];

    /// <summary>What the network says about one picture.</summary>
    /// <param name="File">The picture.</param>
    /// <param name="Probabilities">[classes].</param>
    /// <param name="Milliseconds">The network alone; a batch's time in equal parts.</param>
    /// <param name="Macs">Multiply-adds that were executed, selection included; a batch's in equal parts.</param>
    /// <param name="Tokens">Tokens after the last block.</param>
    internal readonly record struct Answer(string File, float[] Probabilities, double Milliseconds, long Macs, int Tokens);

    /// <summary>The raw answers of all pictures that were not broken, one after another, [pictures * classes].</summary>
    public List<float> Logits { get; } = [];

    /// <summary>Runs the pictures.</summary>
    /// <param name="files">Paths.</param>
    /// <param name="broken">Told of every picture that cannot be read.</param>
    /// <param name="progress">Told how many were taken so far.</param>
    /// <param name="cancellation">Stops it.</param>
    public IEnumerable<Answer> Over(IReadOnlyList<string> files, Action<ImageException> broken, IProgress<int> progress, CancellationToken cancellation)
    {
        List<string> ready = [];
        for (int i = 0; i < files.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                Preprocessor.Run(ImageFile.Load(files[i]), rules, pixels.AsSpan(ready.Count * network.ImageLength, network.ImageLength));
                ready.Add(files[i]);
            }
            catch (ImageException e)
            {
                broken(e);
            }

            if (ready.Count == batch || (i == files.Count - 1 && ready.Count > 0))
            {
                foreach (Answer answer in Run(ready, cancellation))
                    yield return answer;
                ready.Clear();
            }

            progress.Report(i + 1);
        }
    }

    IEnumerable<Answer> Run(List<string> ready, CancellationToken cancellation)
    {
        var counter = new EndCounter(network, plan);
        long start = Stopwatch.GetTimestamp();
        network.Run(
            pixels.AsSpan(0, ready.Count * network.ImageLength), ready.Count, answers.AsSpan(0, ready.Count * network.Classes), plan, counter, cancellation);
        double milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds / ready.Count;
        if (keepLogits)
            Logits.AddRange(answers.AsSpan(0, ready.Count * network.Classes));
        for (int i = 0; i < ready.Count; i++)
        {
            float[] probabilities = answers.AsSpan(i * network.Classes, network.Classes).ToArray();
            KernelSet.Default.Softmax(probabilities);
            yield return new(ready[i], probabilities, milliseconds, counter.Macs.Executed / ready.Count, counter.TokensAtTheEnd[i]);
        }
    }

    /// <summary>Counts what ran, and the tokens after the last block.</summary>
    sealed class EndCounter(VisionTransformer network, TokenPlan plan) : RunObserver
    {
        public MacCounter Macs { get; } = new(network, plan);

        public int[] TokensAtTheEnd { get; private set; } = [];

        public override void OnEmbedding(TokenRows tokens) => Macs.OnEmbedding(tokens);

        public override void OnAttention(int block, TokenRows tokens) => Macs.OnAttention(block, tokens);

        public override void OnMlp(int block, TokenRows tokens) => Macs.OnMlp(block, tokens);

        public override void OnSelection(int stage, TokenRows tokens) => Macs.OnSelection(stage, tokens);

        public override void OnBlock(int block, TokenRows tokens)
        {
            Macs.OnBlock(block, tokens);
            if (block == network.Depth - 1)
                TokensAtTheEnd = [.. Enumerable.Range(0, tokens.Sequences).Select(s => tokens.Offsets[s + 1] - tokens.Offsets[s])];
        }
    }
}
