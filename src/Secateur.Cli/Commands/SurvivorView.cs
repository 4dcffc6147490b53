using Secateur.Evaluation.Datasets;
using Secateur.Evaluation.Pictures;
using Secateur.Models.Images;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;

namespace Secateur.Cli.Commands;

/// <summary>Shows which patches survived each stage of a plan: some scenes as a picture file, the first one in the terminal too.</summary>
/// <param name="terminal">Where to draw.</param>
/// <param name="network">The network.</param>
/// <param name="plan">The plan that runs.</param>
/// <param name="scenes">The pictures.</param>
internal sealed class SurvivorView(Terminal terminal, VisionTransformer network, TokenPlan plan, SceneSet scenes)
{
    const int InFile = 4;
    const int Enlarged = 2;
    const int PanelsInLine = 3;
    const int WidestPanel = 36;

    /// <summary>Draws.</summary>
    /// <param name="file">Where the picture goes.</param>
    public void Show(string file)
    {
        List<RgbImage> rows = [];
        for (int i = 0; i < Math.Min(InFile, scenes.Count); i++)
        {
            (int label, RgbImage scene) = scenes.Draw(i);
            IReadOnlyList<TokenMap> decisions = Decisions(i);
            IReadOnlyList<RgbImage> panels = SurvivorPicture.Panels(
                Resize.To(scene, scene.Width * Enlarged, scene.Height * Enlarged, ResampleFilter.Nearest), network.Grid, decisions, network.PrefixTokens);
            rows.Add(PictureStrip.Join(panels, gap: 4 * Enlarged));
            if (i == 0)
                ShowOne(SceneGenerator.Classes[label], decisions, panels);
        }

        PngWriter.Save(PictureStrip.Stack(rows, gap: 4 * Enlarged), file);
        terminal.Out.WriteLine($"Which patches survived in {rows.Count} scenes, stage by stage (grey: dropped): {file}");
    }

    void ShowOne(string name, IReadOnlyList<TokenMap> decisions, IReadOnlyList<RgbImage> panels)
    {
        var places = plan.Stages.Zip(decisions, (stage, map) => $"{map.Count - network.PrefixTokens} after block {stage.Block + 1}");
        terminal.Out.WriteLine($"The patches of the first scene ({name}): {network.PatchTokens}, {string.Join(", ", places)}.");
        if (!terminal.Colours)
            return;
        int columns = Math.Min(terminal.Width, (WidestPanel * PanelsInLine) + PanelsInLine - 1);
        foreach (RgbImage[] line in panels.Chunk(PanelsInLine))
        {
            // A short last line keeps the scale of the others.
            RgbImage strip = PictureStrip.Join(line, gap: line[0].Width / 32);
            terminal.Out.Write(AnsiPicture.Render(strip, columns * line.Length / PanelsInLine));
            terminal.Out.WriteLine();
        }
    }

    List<TokenMap> Decisions(int scene)
    {
        var input = new float[scenes.InputLength];
        scenes.Draw(scene, input);
        var recorder = new MapRecorder();
        network.Run(input, 1, new float[network.Classes], plan, recorder);
        return recorder.Maps;
    }

    sealed class MapRecorder : RunObserver
    {
        public List<TokenMap> Maps { get; } = [];

        public override void OnMap(int stage, int sequence, TokenMap map) => Maps.Add(map);
    }
}
