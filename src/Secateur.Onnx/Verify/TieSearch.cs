using Secateur.Models.Tokens;
using Secateur.Models.Vit;

namespace Secateur.Onnx.Verify;

/// <summary>Whether a decision hangs on rounding: our engine looks at the same pictures again and again, each number moved by about one part in a million,
/// which is what another order of summation does to it.</summary>
internal sealed class TieSearch(VisionTransformer network, TokenPlan plan, float[] images, int batch, Answered first)
{
    const int Times = 16;
    const float Rounding = 1f / (1 << 20);

    readonly Lazy<Answered[]> moved = new(() => [.. Enumerable.Range(0, Times).Select(seed => Run(network, plan, Moved(images, seed), batch))]);

    /// <summary>One run of our engine.</summary>
    public static Answered Run(VisionTransformer network, TokenPlan plan, float[] images, int batch)
    {
        var answered = new Answered(new float[batch * network.Classes]);
        network.Run(images, batch, answered.Logits, plan, answered);
        return answered;
    }

    /// <summary>Whether our engine decides otherwise about each of these tokens in some run whose earlier decisions are the same.</summary>
    /// <param name="picture">Index in the batch.</param>
    /// <param name="stage">Index in the plan.</param>
    /// <param name="before">The stages that act before it.</param>
    /// <param name="tokens">The tokens about which another runtime decides otherwise.</param>
    public bool Explains(int picture, int stage, ReadOnlySpan<int> before, IEnumerable<int> tokens)
    {
        HashSet<int> open = [.. tokens];
        int[] here = first.Groups[(stage, picture)];
        foreach (Answered run in moved.Value)
        {
            bool same = true;
            foreach (int earlier in before)
                same &= run.Groups[(earlier, picture)].AsSpan().SequenceEqual(first.Groups[(earlier, picture)]);
            int[] there = run.Groups[(stage, picture)];
            if (same && there.Length == here.Length)
                open.RemoveWhere(token => there[token] != here[token]);
        }

        return open.Count == 0;
    }

    /// <summary>Whether our engine gives these answers in some run in which it decides otherwise somewhere.</summary>
    /// <param name="picture">Index in the batch.</param>
    /// <param name="answer">Another runtime's answers to it.</param>
    /// <param name="tolerance">How far from ours they may be (<see cref="Difference.Of"/>).</param>
    public bool Answers(int picture, ReadOnlySpan<float> answer, double tolerance)
    {
        foreach (Answered run in moved.Value)
            if (Difference.Of(run.Logits.AsSpan(picture * network.Classes, network.Classes), answer) <= tolerance
                && run.Groups.Any(group => group.Key.Picture == picture && !group.Value.AsSpan().SequenceEqual(first.Groups[group.Key])))
                return true;
        return false;
    }

    static float[] Moved(float[] images, int seed)
    {
        var random = new Random(seed);
        return Array.ConvertAll(images, value => value + (value * Rounding * ((2 * random.NextSingle()) - 1)));
    }
}
