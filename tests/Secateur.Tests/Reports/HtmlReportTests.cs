using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using Secateur.Evaluation.Datasets;
using Secateur.Evaluation.Reports;
using Secateur.Evaluation.Reports.Html;
using Secateur.Models.Vit;

namespace Secateur.Tests.Reports;

public sealed class HtmlReportTests : IDisposable
{
    static readonly XNamespace Html = "http://www.w3.org/1999/xhtml";

    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(true, true, 2)]
    [InlineData(true, false, 2)]
    [InlineData(false, true, 2)]
    [InlineData(false, false, 1)]
    [InlineData(true, false, 0)]
    public void The_page_is_well_formed_for_whatever_was_measured(bool labelled, bool timed, int strengths)
    {
        Report report = SomeResults.Read(folder.Path, labelled, timed, [.. Enumerable.Range(1, strengths).Select(i => (double)i / strengths)]);
        XDocument page = Parse(HtmlReport.Write(report, null, "They are not at hand."));
        Assert.Equal(report.Rows.Length, page.Descendants(Html + "tbody").Single().Elements().Count());
        Assert.Equal("en", page.Root!.Attribute("lang")!.Value);
        Assert.Equal(strengths > 0, page.Descendants().Any(one => one.Attribute("id")?.Value == "fronts"));
        Assert.Equal(timed && strengths > 0, page.Descendants().Any(one => one.Attribute("id")?.Value == "stages"));
        Assert.Equal(ReportCommands.Of(report), page.Descendants(Html + "pre").Select(one => one.Value));
        string[] ids = [.. page.Descendants().Select(one => one.Attribute("id")?.Value).OfType<string>()];
        Assert.Equal(ids.Length, ids.Distinct().Count());
    }

    [Fact]
    public void Nothing_in_the_page_points_outside_and_its_policy_lets_only_its_own_style_and_script_in()
    {
        Report report = SomeResults.Read(folder.Path);
        XDocument page = Parse(HtmlReport.Write(report, Pictures(report)));
        foreach (XAttribute link in page.Descendants().Attributes().Where(one => one.Name.LocalName is "href" or "src" or "action" or "srcset"))
            Assert.Matches("^(#[a-z]+(-[0-9]+)?|data:image/png;base64,[A-Za-z0-9+/=]+)$", link.Value);
        string policy = page.Descendants(Html + "meta").Single(meta => meta.Attribute("http-equiv")?.Value == "Content-Security-Policy").Attribute("content")!.Value;
        Assert.StartsWith("default-src 'none'; img-src data:; style-src 'sha256-", policy);
        Assert.DoesNotContain("unsafe", policy);
        Assert.DoesNotContain("http", policy);
        Assert.Single(page.Descendants(Html + "script"));
        Assert.DoesNotContain(page.Descendants().Attributes(), one => one.Name.LocalName == "style" || one.Name.LocalName.StartsWith("on", StringComparison.Ordinal));
    }

    [Fact]
    public void Names_from_outside_stay_text()
    {
        const string hostile = "</title><script>alert(1)</script><img src=x onerror=alert(1)>\"'&\u0000\u202e]]>";
        Report report = SomeResults.Read(folder.Path, change: manifest => manifest with { Architecture = hostile, Model = hostile, Data = hostile, Pictures = hostile, Labels = [.. Enumerable.Repeat(hostile, manifest.Classes)] });
        report = report with { Pictures = [.. report.Pictures.Select((one, i) => new PictureEntry($"{hostile}{i}", one.Label))] };
        string text = HtmlReport.Write(report, Pictures(report), hostile);
        XDocument page = Parse(text);
        Assert.Single(page.Descendants(Html + "script"));
        Assert.Empty(page.Descendants(Html + "img"));
        Assert.DoesNotContain('\u202e', text);
        Assert.Equal("</title><script>alert(1)</script><img src=x onerror=alert(1)>\"'&]]>", page.Descendants(Html + "h1").Single().Value);
    }

    [Fact]
    public void A_stage_by_stage_picture_has_a_panel_a_decision_and_every_picture_is_in_the_page_once()
    {
        Report report = SomeResults.Read(folder.Path);
        ReportPictures pictures = Pictures(report);
        Assert.Equal(2, pictures.Stages.Count);
        XDocument page = Parse(HtmlReport.Write(report, pictures));
        XElement[] panels = [.. page.Descendants(Html + "article").Descendants().Where(one => one.Attribute("class")?.Value == "panel")];
        Assert.Equal(pictures.Stages.Values.Sum(plans => 1 + plans.Sum(plan => Math.Min(5, plan.After.Length))), panels.Length);
        Assert.Equal(pictures.Seen.Count, page.Descendants(Html + "image").Count());
        Assert.All(panels, panel => Assert.NotEmpty(panel.Attribute("aria-label")!.Value));
    }

    [Fact]
    public void A_picture_is_shown_as_the_network_saw_it()
    {
        Report report = SomeResults.Read(folder.Path);
        ReportPictures pictures = Pictures(report);
        var scenes = (SceneSet)Set().Source;
        foreach ((int index, _) in pictures.Stages)
            Assert.Equal(scenes.Load(index).Pixels, pictures.Seen[index].Pixels);
    }

    [Fact]
    public void The_same_results_are_the_same_bytes()
    {
        Report report = SomeResults.Read(folder.Path);
        Assert.Equal(HtmlReport.Write(report, Pictures(report)), HtmlReport.Write(ReportReader.Load(new(folder.Path)), Pictures(report)));
    }

    [Fact]
    public void What_a_manifest_says_of_preprocessing_can_be_applied_again()
    {
        ImagePreprocessing rules = new() { Size = (224, 192), ShortSide = 256, CropFraction = 0.9, CropMode = "squash", Interpolation = "bilinear", CropRounding = "floor", ResizeTo = (250, 260) };
        Report report = SomeResults.Read(folder.Path, change: manifest => manifest with { Preprocessing = $"224x192, bilinear, short side 256, resized {rules.ResizeTo}, crop 0.9 squash floor, mean (0, 0, 0), deviation (1, 1, 1)" });
        Assert.Equal(rules, PreprocessingLine.Apply(report.Manifest.Preprocessing, new()));
        Assert.Equal((224, 192), PreprocessingLine.Size(report.Manifest.Preprocessing));
        Assert.Equal(new ImagePreprocessing(), PreprocessingLine.Apply("something else", new()));
    }

    static PictureSet Set()
    {
        ImagePreprocessing rules = SomeResults.Scenes.Config.Preprocessing with { Size = SomeResults.Scenes.ImageSize };
        return new(new SceneSet(SceneGenerator.FirstHeldOutSeed, SomeResults.Pictures, rules), rules);
    }

    static ReportPictures Pictures(Report report) => ReportPictures.Draw(report, SomeResults.Scenes, Set(), 2);

    /// <summary>Every report is XML too, so that nothing in it is left open.</summary>
    static XDocument Parse(string text)
    {
        Assert.StartsWith("<!DOCTYPE html>\n<html lang=\"en\"", text);
        Assert.False(Regex.IsMatch(text, @"<(div|span|p|a|li|ul|td|th|svg|script|style)\b[^>]*/>"), "HTML knows no such empty elements.");
        using var reader = XmlReader.Create(new StringReader(text), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        return XDocument.Load(reader);
    }
}
