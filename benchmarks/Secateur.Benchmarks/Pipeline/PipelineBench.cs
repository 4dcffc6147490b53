using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Secateur.Benchmarks.Measuring;
using Secateur.Benchmarks.Networks;
using Secateur.Evaluation.Accuracy;
using Secateur.Evaluation.Datasets;
using Secateur.Kernels;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;

namespace Secateur.Benchmarks.Pipeline;

/// <summary>Pictures a second from files to answers, as <c>secateur eval</c> runs them, beside the network alone on pictures that are there already.</summary>
internal static class PipelineBench
{
    const double Required = 0.9;

    /// <summary>Arguments: <c>--network DeiT-S --threads 2 --rounds 9 --pictures 32 --batch 8 --batches 1,8,16</c>: of the whole pipeline, and those that the network alone may choose from.</summary>
    public static Section Run(ReadOnlySpan<string> arguments)
    {
        var options = new Options(arguments, "--network", "--threads", "--rounds", "--pictures", "--batch", "--batches");
        DeitNetwork network = DeitNetwork.Named(options.Words("--network", "DeiT-S")[0]);
        int threads = options.Number("--threads", 2), rounds = options.Number("--rounds", 9), count = options.Number("--pictures", 32), batch = options.Number("--batch", 8);
        using var pool = new Threads(threads);
        VisionTransformer model = network.Load(pool);
        int alone = BestBatch(model, options.Numbers("--batches", 1, 8, 16), count);

        List<Bound> bounds = [];
        var data = new JsonArray();
        var table = new StringBuilder("| pictures | network alone, a second | whole pipeline, a second | ratio | reading alone, ms of a thread | processor time of a picture, pipeline over network |\n|---|---|---|---|---|---|\n");
        foreach (PictureFiles files in PictureFiles.All(count))
        {
            var set = new PictureSet(files, model.Config.Preprocessing with { Size = model.ImageSize, ShortSide = 256 });
            var run = new PictureRun(model, set, batch);
            int[] chunks = [.. Enumerable.Range(0, run.Chunks)];
            float[] input = DeitNetwork.Pictures(model, alone), logits = new float[alone * model.Classes], one = new float[set.InputLength];
            List<double> cpuAlone = [], cpuWhole = [];
            double[][] times = Turns.Measure(
                rounds, 0,
                () => cpuAlone.Add(Processor(() => Alone(model, input, logits, alone, count))),
                () => cpuWhole.Add(Processor(() => run.Run(TokenPlan.Dense, chunks, _ => { }))),
                () => Read(set, one));
            Spread network1 = Spread.Of(times[0].Select(PerSecond)), whole = Spread.Of(times[1].Select(PerSecond));
            Spread ratio = Spread.Of(times[0].Zip(times[1], (first, second) => first / second)), reading = Spread.Of(times[2].Select(ms => ms / count));
            double cpu = Spread.MedianOf(cpuWhole.TakeLast(rounds)) / Spread.MedianOf(cpuAlone.TakeLast(rounds));
            bounds.Add(new($"{network.Name}, {files.Name}: images a second of the whole pipeline over the network's alone, {threads} threads", $"≥ {Required:0.0}", ratio.Text("F3"), ratio.Median >= Required));
            string row = string.Create(CultureInfo.InvariantCulture, $"| {files.Name} | {network1.Text("F1")} (batch {alone}) | {whole.Text("F1")} (batch {batch} a thread) | {ratio.Text("F3")} | {reading.Text("F2")} | {cpu:F3} |");
            table.AppendLine(row);
            Console.Error.WriteLine(row);
            data.Add((JsonNode)new JsonObject
            {
                ["pictures"] = files.Name,
                ["aloneBatch"] = alone,
                ["batch"] = batch,
                ["alone"] = Json.Of(network1),
                ["pipeline"] = Json.Of(whole),
                ["ratio"] = Json.Of(ratio),
                ["readingMilliseconds"] = Json.Of(reading),
                ["processorTimeRatio"] = Json.Round(cpu),
            });
        }

        return new($"The whole pipeline on {network.Name}", bounds, table.ToString(), new JsonObject { ["network"] = network.Name, ["threads"] = threads, ["sets"] = data });

        double PerSecond(double milliseconds) => count * 1000 / milliseconds;
    }

    static int BestBatch(VisionTransformer model, int[] batches, int count)
    {
        double[][] times = Turns.Measure(3, 0, [.. batches.Select<int, Action>(batch =>
        {
            float[] input = DeitNetwork.Pictures(model, batch), logits = new float[batch * model.Classes];
            return () => Alone(model, input, logits, batch, count);
        })]);
        return batches[Array.IndexOf(times, times.MinBy(Spread.MedianOf))];
    }

    static void Alone(VisionTransformer model, float[] input, float[] logits, int batch, int count)
    {
        for (int done = 0; done < count; done += batch)
            model.Run(input, batch, logits);
    }

    static void Read(PictureSet set, float[] input)
    {
        for (int i = 0; i < set.Count; i++)
            set.Read(i, input);
    }

    static double Processor(Action action)
    {
        TimeSpan before = Environment.CpuUsage.TotalTime;
        action();
        return (Environment.CpuUsage.TotalTime - before).TotalMilliseconds;
    }
}
