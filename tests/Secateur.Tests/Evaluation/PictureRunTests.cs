using Secateur.Compression.Tokens;
using Secateur.Evaluation.Accuracy;
using Secateur.Evaluation.Datasets;
using Secateur.Kernels;
using Secateur.Models.Images;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;
using Secateur.Tests.Vit;

namespace Secateur.Tests.Evaluation;

public sealed class PictureRunTests
{
    const int Count = 23;

    [Theory]
    [InlineData(1, 4)]
    [InlineData(2, 4)]
    [InlineData(3, 4)]
    [InlineData(2, 1)]
    [InlineData(2, 32)]
    public void Answers_are_those_of_one_picture_at_a_time_whoever_ran_them(int threads, int batch)
    {
        using var pool = new Threads(threads);
        VisionTransformer network = TinyNetworks.Load("tiny-vit", threads: pool);
        var source = new Noise();
        PictureSet set = Set(network, source);
        TokenPlan plan = TokenPlans.Resolve("tome-r8", network.Depth, network.PatchTokens);
        var answers = new float[Count][];
        var macs = new (long Executed, long Selection)[Count];
        var run = new PictureRun(network, set, batch);
        run.Run(plan, Backwards(run.Chunks), chunk =>
        {
            for (int i = 0; i < chunk.Count; i++)
                (answers[chunk.Pictures[i]], macs[chunk.Pictures[i]]) = (chunk.Logits.Slice(i * network.Classes, network.Classes).ToArray(), (chunk.MacsOf(i), chunk.SelectionMacsOf(i)));
        });
        float[] input = new float[set.InputLength], logits = new float[network.Classes];
        for (int i = 0; i < Count; i++)
        {
            set.Read(i, input);
            var counter = new MacCounter(network, plan);
            network.Run(input, 1, logits, plan, counter);
            Assert.Equal(logits, answers[i]);
            Assert.Equal((counter.Executed, counter.Selection), macs[i]);
        }
    }

    [Fact]
    public void Chunks_are_given_once_each_and_one_at_a_time()
    {
        using var pool = new Threads(3);
        VisionTransformer network = TinyNetworks.Load("tiny-vit", threads: pool);
        var run = new PictureRun(network, Set(network, new Noise()), 2);
        List<int> given = [];
        int inside = 0;
        run.Run(TokenPlan.Dense, Backwards(run.Chunks), chunk =>
        {
            Assert.Equal(1, Interlocked.Increment(ref inside));
            given.Add(chunk.Index);
            Assert.Equal(2 * chunk.Index, chunk.First);
            Interlocked.Decrement(ref inside);
        });
        Assert.Equal(Enumerable.Range(0, 12), given.Order());
    }

    [Fact]
    public void No_more_pictures_are_in_memory_than_a_chunk_a_thread()
    {
        using var pool = new Threads(2);
        VisionTransformer network = TinyNetworks.Load("tiny-vit", threads: pool);
        int loaded = 0, given = 0, most = 0;
        var source = new Noise { OnLoad = _ => most = Math.Max(most, Interlocked.Increment(ref loaded) - Volatile.Read(ref given)) };
        var run = new PictureRun(network, Set(network, source), 3);
        run.Run(TokenPlan.Dense, Backwards(run.Chunks), chunk => Interlocked.Add(ref given, chunk.Count));
        Assert.Equal(Count, given);
        Assert.InRange(most, 1, 2 * 3);
    }

    [Fact]
    public void A_broken_picture_is_left_out_and_named_and_its_mates_answer_as_without_it()
    {
        VisionTransformer network = TinyNetworks.Load("tiny-vit");
        var run = new PictureRun(network, Set(network, new Noise()), 4);
        var broken = new PictureRun(network, Set(network, new Noise { OnLoad = index => _ = index == 5 ? throw new ImageException("5.jpg: torn") : 0 }), 4);
        Dictionary<int, float[]> Answers(PictureRun one, List<BadPicture> bad)
        {
            var answers = new Dictionary<int, float[]>();
            one.Run(TokenPlan.Dense, [1], chunk =>
            {
                for (int i = 0; i < chunk.Count; i++)
                    answers[chunk.Pictures[i]] = chunk.Logits.Slice(i * network.Classes, network.Classes).ToArray();
                bad.AddRange(chunk.Bad);
            });
            return answers;
        }

        List<BadPicture> none = [], one = [];
        Dictionary<int, float[]> all = Answers(run, none), rest = Answers(broken, one);
        Assert.Empty(none);
        Assert.Equal([new BadPicture(5, "5.jpg: torn")], one);
        Assert.Equal([4, 6, 7], rest.Keys.Order());
        Assert.All(rest, answer => Assert.Equal(all[answer.Key], answer.Value));
    }

    [Fact]
    public void A_chunk_of_broken_pictures_alone_is_given_too()
    {
        VisionTransformer network = TinyNetworks.Load("tiny-vit");
        var run = new PictureRun(network, Set(network, new Noise { OnLoad = index => throw new ImageException($"{index}") }), 8);
        int bad = 0;
        run.Run(TokenPlan.Dense, Backwards(run.Chunks), chunk => bad += chunk.Count == 0 ? chunk.Bad.Count : -1000);
        Assert.Equal(Count, bad);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void What_fails_in_a_worker_reaches_the_caller_and_ends_the_run(int threads)
    {
        using var pool = new Threads(threads);
        VisionTransformer network = TinyNetworks.Load("tiny-vit", threads: pool);
        var reading = new PictureRun(network, Set(network, new Noise { OnLoad = index => _ = index == 3 ? throw new IOException("the disk is gone") : 0 }), 1);
        Assert.Equal("the disk is gone", Assert.Throws<IOException>(() => reading.Run(TokenPlan.Dense, Backwards(reading.Chunks), _ => { })).Message);

        var giving = new PictureRun(network, Set(network, new Noise()), 1);
        int given = 0;
        Assert.Throws<InvalidOperationException>(() => giving.Run(TokenPlan.Dense, Backwards(giving.Chunks), _ =>
        {
            given++;
            throw new InvalidOperationException();
        }));
        Assert.InRange(given, 1, threads);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_run_that_is_stopped_gives_the_chunks_that_were_begun(int threads)
    {
        using var pool = new Threads(threads);
        using var stop = new CancellationTokenSource();
        VisionTransformer network = TinyNetworks.Load("tiny-vit", threads: pool);
        var begun = new HashSet<int>();
        var source = new Noise { OnLoad = index => { lock (begun) begun.Add(index / 2); } };
        var run = new PictureRun(network, Set(network, source), 2);
        List<int> given = [];
        Assert.Throws<OperationCanceledException>(() => run.Run(
            TokenPlan.Dense, [.. Enumerable.Range(0, run.Chunks)],
            chunk =>
            {
                given.Add(chunk.Index);
                stop.Cancel();
            },
            stop.Token));
        Assert.Equal(begun.Order(), given.Order());
        Assert.InRange(given.Count, 1, threads);
    }

    [Fact]
    public void A_run_that_is_asked_to_stop_when_all_is_done_is_done()
    {
        using var stop = new CancellationTokenSource();
        VisionTransformer network = TinyNetworks.Load("tiny-vit");
        var run = new PictureRun(network, Set(network, new Noise()), 64);
        int given = 0;
        run.Run(TokenPlan.Dense, [0], _ => { given++; stop.Cancel(); }, stop.Token);
        Assert.Equal(1, given);
    }

    static int[] Backwards(int chunks) => [.. Enumerable.Range(0, chunks).Reverse()];

    static PictureSet Set(VisionTransformer network, IPictureSource source) => new(source, new ImagePreprocessing { Size = network.ImageSize });

    sealed class Noise : IPictureSource
    {
        public Action<int>? OnLoad { get; init; }

        public string Name => "noise";

        public int Count => PictureRunTests.Count;

        public bool Labelled => false;

        public PictureEntry this[int index] => new($"{index}", PictureEntry.NoLabel);

        public RgbImage Load(int index)
        {
            OnLoad?.Invoke(index);
            var image = new RgbImage(48 + index, 48);
            new Random(index).NextBytes(image.Pixels);
            return image;
        }
    }
}
