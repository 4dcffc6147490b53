using System.Collections.Immutable;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;
using Secateur.Onnx.Export;
using Secateur.Onnx.Runtime;
using Secateur.Tests.Vit;

namespace Secateur.Tests.Onnx;

/// <summary>A network under a plan, as a graph in ONNX Runtime and in our engine: what both decide and answer about the same pictures.</summary>
internal sealed class GraphRun
{
    // Float32 sums in other orders over up to twelve blocks, relative to the largest logit.
    const double Tolerance = 1e-4;

    // What rounding in other orders may move: pictures that are moved by as much, so often, show whether a decision hangs on it.
    const float Rounding = 3e-6f;
    const int Moves = 12;

    readonly VisionTransformer network;
    readonly TokenPlan plan;
    readonly float[] images;
    readonly int pictures;
    readonly ImmutableDictionary<string, OnnxTensor> graph;

    /// <summary>Runs the graph.</summary>
    /// <param name="network">The network.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="images">Normalised pictures, as many or more.</param>
    /// <param name="pictures">How many are run.</param>
    /// <param name="free">Whether the graph's batch is known by name alone.</param>
    public GraphRun(VisionTransformer network, TokenPlan plan, float[] images, int pictures, bool free)
    {
        (this.network, this.plan, this.pictures) = (network, plan, pictures);
        this.images = images[..(pictures * network.ImageLength)];
        OnnxModel model = OnnxExport.Vision(network, plan, new() { Batch = free ? null : pictures, Decisions = true });
        using OnnxSession session = OnnxSession.Open(InstalledRuntime.Library, model.ToBytes(), new() { Threads = 1 });
        (int height, int width) = network.ImageSize;
        graph = session.Run([new("images", OnnxTensor.Of<float>(this.images, pictures, network.ImageLength / height / width, height, width))]);
    }

    /// <summary>Pictures about which a decision hangs on less than rounding: scores that are as good as equal. The engine itself decides otherwise about
    /// them when their pixels move by a few parts in a million. Counted by <see cref="Difference"/>.</summary>
    public int Ties { get; private set; }

    /// <summary>Nothing where the graph decides as the engine does and the logits agree; otherwise what differs first.</summary>
    public string? Difference()
    {
        var engine = new Decisions(network, plan, images, pictures);
        float[] answers = graph["logits"].Values<float>().ToArray();
        for (int picture = 0; picture < pictures; picture++)
        {
            if (engine.Of(picture).FirstOrDefault(one => !one.Group.AsSpan().SequenceEqual(Group(one.Stage, picture, one.Group.Length))) is { Group: not null } first)
            {
                if (!Hangs(engine, picture, first.Stage))
                    return $"stage {first.Stage} decides otherwise about picture {picture}: {Words(Group(first.Stage, picture, first.Group.Length))}, not {Words(first.Group)}";
                Ties++;
                continue;
            }

            int from = picture * network.Classes;
            double difference = TinyNetworks.Difference(engine.Logits.AsSpan(from, network.Classes), answers.AsSpan(from, network.Classes));
            if (!(difference < Tolerance))
                return $"logits of picture {picture} differ by {difference:g3}";
        }

        return null;
    }

    // Whether a picture that is hardly moved makes the engine decide otherwise, at this stage or before.
    bool Hangs(Decisions engine, int picture, int stage)
    {
        var random = new Random(7);
        for (int move = 0; move < Moves; move++)
        {
            float[] moved = [.. images.Select(pixel => pixel * (1 + (Rounding * ((2 * random.NextSingle()) - 1))))];
            var again = new Decisions(network, plan, moved, pictures);
            if (engine.Of(picture).Zip(again.Of(picture)).Any(pair => pair.First.Stage <= stage && !pair.First.Group.AsSpan().SequenceEqual(pair.Second.Group)))
                return true;
        }

        return false;
    }

    // A decision that all pictures share is there once; one that keeps everything is left out.
    int[] Group(int stage, int picture, int tokens)
    {
        if (graph.TryGetValue($"stage.{stage}.kept", out OnnxTensor? kept))
            return TokenMap.Keep(tokens, Row(kept, picture)).Group.ToArray();
        return graph.TryGetValue($"stage.{stage}.group", out OnnxTensor? group) ? Row(group, picture) : TokenMap.Identity(tokens).Group.ToArray();
    }

    static int[] Row(OnnxTensor tensor, int picture)
    {
        int count = (int)tensor.Shape[1];
        return [.. tensor.Values<long>().Slice(tensor.Shape[0] == 1 ? 0 : picture * count, count).ToArray().Select(value => (int)value)];
    }

    static string Words(int[] group) => string.Join(' ', group);

    /// <summary>What the engine decides and answers.</summary>
    sealed class Decisions : RunObserver
    {
        readonly SortedDictionary<(int Picture, int Stage), int[]> groups = [];

        public Decisions(VisionTransformer network, TokenPlan plan, float[] images, int pictures)
        {
            Logits = new float[pictures * network.Classes];
            network.Run(images, pictures, Logits, plan, this);
        }

        public float[] Logits { get; }

        /// <summary>About one picture, stage after stage.</summary>
        public IEnumerable<(int Stage, int[] Group)> Of(int picture) => groups.Where(pair => pair.Key.Picture == picture).Select(pair => (pair.Key.Stage, pair.Value));

        public override void OnMap(int stage, int sequence, TokenMap map) => groups[(sequence, stage)] = map.Group.ToArray();
    }
}
