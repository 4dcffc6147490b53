using System.Collections.Immutable;
using Secateur.Evaluation.Pictures;
using Secateur.Models.Images;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;

namespace Secateur.Cli.Commands;

/// <summary>Shows in the terminal which patches of a picture survived each stage of a plan: in 24-bit colour where the terminal has it,
/// otherwise a character a patch.</summary>
/// <param name="terminal">Where to draw.</param>
/// <param name="network">The network.</param>
internal sealed class SurvivorView(Terminal terminal, VisionTransformer network)
{
    /// <summary>White between panels in a picture file, pixels.</summary>
    public const int Gap = 8;

    const int WidestPanel = 36;

    /// <summary>The picture as the network sees it, large enough to be looked at.</summary>
    /// <param name="seen">The resized and cropped picture.</param>
    /// <returns>A picture of at least 224 pixels a side, enlarged by a whole factor.</returns>
    public static RgbImage Enlarge(RgbImage seen)
    {
        int times = Math.Max(1, 224 / Math.Max(1, Math.Min(seen.Width, seen.Height)));
        return times == 1 ? seen : Resize.To(seen, seen.Width * times, seen.Height * times, ResampleFilter.Nearest);
    }

    /// <summary>Says how many patches are left after each stage, and draws them.</summary>
    /// <param name="trace">What a plan did.</param>
    /// <param name="panels">The picture, then one a stage (<see cref="SurvivorTrace.Panels"/>).</param>
    public void Show(SurvivorTrace trace, IReadOnlyList<RgbImage> panels)
    {
        terminal.Out.WriteLine($"{network.PatchTokens} patches{string.Concat(trace.Stages.Select((stage, i) => $", {Number(i)}{stage.Tokens - stage.Prefix} {Place(stage.Stage)}"))}");
        if (terminal.Colours)
            Draw(panels);
        else
            Draw(trace.Characters());
    }

    /// <summary>Where a stage is, for people, who count blocks from 1.</summary>
    /// <param name="stage">The stage.</param>
    public static string Place(TokenStage stage) => stage.Position switch
    {
        TokenPosition.BeforeBlock => $"before block {stage.Block + 1}",
        TokenPosition.AfterAttention => $"in block {stage.Block + 1}",
        _ => $"after block {stage.Block + 1}",
    };

    static string Number(int stage) => $"[{stage + 1}] ";

    void Draw(IReadOnlyList<RgbImage> panels)
    {
        int inLine = panels.Count <= 6 ? 3 : Math.Clamp(terminal.Width / 20, 3, 8);
        int columns = Math.Min(terminal.Width, (WidestPanel * inLine) + inLine - 1);
        foreach (RgbImage[] line in panels.Chunk(inLine))
        {
            // A short last line keeps the scale of the others.
            RgbImage strip = PictureStrip.Join(line, gap: line[0].Width / 32);
            terminal.Out.Write(AnsiPicture.Render(strip, Math.Max(1, columns * line.Length / inLine)));
            terminal.Out.WriteLine();
        }
    }

    void Draw(IReadOnlyList<ImmutableArray<string>> panels)
    {
        const string Between = "  ";
        int width = panels[0][0].Length;
        int inLine = Math.Max(1, (terminal.Width + Between.Length) / (width + Between.Length));
        for (int first = 0; first < panels.Count; first += inLine)
        {
            int here = Math.Min(inLine, panels.Count - first);
            terminal.Out.WriteLine(Line(i => (first + i == 0 ? "" : Number(first + i - 1).Trim()).PadRight(width)));
            for (int row = 0; row < panels[0].Length; row++)
                terminal.Out.WriteLine(Line(i => panels[first + i][row]));
            terminal.Out.WriteLine();

            string Line(Func<int, string> part) => string.Join(Between, Enumerable.Range(0, here).Select(part)).TrimEnd();
        }
    }
}
