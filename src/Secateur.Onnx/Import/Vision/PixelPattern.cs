using Secateur.Models.Vit;
using Secateur.Onnx.Import.Patterns;

namespace Secateur.Onnx.Import.Vision;

/// <summary>Normalisation inside the graph: bytes [batch, height, width, 3] turned to [batch, 3, height, width], and every colour multiplied and shifted by numbers of its own.</summary>
/// <param name="Mean">Subtracted from each colour after the division by 255.</param>
/// <param name="Deviation">Divides it last.</param>
internal sealed record PixelPattern((float Red, float Green, float Blue) Mean, (float Red, float Green, float Blue) Deviation)
{
    const int MostSteps = 16;

    // Numbers that were worked out of what is multiplied and added, and those that somebody wrote down.
    const float Rounding = 1e-5f;

    /// <summary>Preprocessing with the mean and deviation of the graph, which counts; where they are those that were told, as these were written.</summary>
    public ImagePreprocessing Settle(ImagePreprocessing told)
    {
        return Near(told.Mean, Mean) && Near(told.Deviation, Deviation) ? told : told with { Mean = Mean, Deviation = Deviation };

        static bool Near((float Red, float Green, float Blue) a, (float Red, float Green, float Blue) b) =>
            Math.Abs(a.Red - b.Red) < Rounding && Math.Abs(a.Green - b.Green) < Rounding && Math.Abs(a.Blue - b.Blue) < Rounding;
    }

    /// <summary>Matches; null where it is anything else.</summary>
    /// <param name="normalised">What the patches are cut of.</param>
    /// <param name="pixels">The graph's input.</param>
    public static PixelPattern? Of(Edge normalised, Edge pixels)
    {
        var steps = new Stack<(Func<double, double, double> Of, double[] Colours)>();
        Edge edge = normalised.Skip();
        while (steps.Count < MostSteps && edge.Producer is { Op: "Add" or "Sub" or "Mul" or "Div", Inputs: [{ IsConstant: false } x, { IsConstant: true, Numbers: { Length: 1 or 3 } numbers } constant] } node
            && (numbers.Length == 1 || constant.Last(3) == 3))
        {
            steps.Push((Elementwise.Binary(node, integral: false)!, numbers));
            edge = x.Skip();
        }

        HeadView view = HeadView.Of(edge);
        if (view.Source != pixels || view.Scale != 1 || pixels.Rank != 4 || pixels.Last() != 3 || !IsTurned(view, pixels))
            return null;
        var (means, deviations) = (new float[3], new float[3]);
        for (int colour = 0; colour < 3; colour++)
        {
            (double black, double white) = (0, 255);
            foreach ((Func<double, double, double> of, double[] colours) in steps)
                (black, white) = (of(black, colours[colour % colours.Length]), of(white, colours[colour % colours.Length]));
            double deviation = 1 / (white - black);
            if (!double.IsFinite(deviation) || deviation <= 0)
                return null;
            (means[colour], deviations[colour]) = ((float)(-black * deviation), (float)deviation);
        }

        return new((means[0], means[1], means[2]), (deviations[0], deviations[1], deviations[2]));
    }

    static bool IsTurned(HeadView view, Edge pixels)
    {
        int area = pixels.Last(2) * pixels.Last(3);
        for (int i = 0; i < pixels.Length; i++)
            if ((view.Places?[i] ?? i) != (((i / area / 3 * area) + (i % area)) * 3) + (i / area % 3))
                return false;
        return true;
    }
}
