using System.Text;
using System.Text.Json;
using Secateur.Evaluation.Reports;
using Secateur.Evaluation.Sweeps;

namespace Secateur.Tests.Reports;

public sealed class ReportTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_report_has_a_row_a_cell_in_the_order_of_the_manifest_the_dense_network_first()
    {
        Report report = SomeResults.Read(folder.Path);
        Assert.Equal(["dense", "tome-40", "tome-100", "zero-tprune-40", "zero-tprune-100", "random-drop-40", "random-drop-100"], report.Rows.Select(row => row.Cell.Name));
        Assert.Equal("tome at 80%", report.Plans[0].Title);
        Assert.Equal("tome, zero-tprune, random-drop", string.Join(", ", report.Series));
        Assert.All(report.Rows, row => Assert.Equal(SomeResults.Pictures, row.Accuracy.Images));
        Assert.Equal(report.Manifest.DenseMacs.Blocks, report.Dense.BlockMacs, 0.5); // a mean of whole numbers
        Assert.Equal(report.Manifest.DenseMacs.Total, report.Dense.Accuracy.Macs, 0.5);
        Assert.All(report.Plans, row => Assert.Equal(row.Cell.Method != "random-drop", row.Accuracy.SelectionMacs > 0));
        Assert.True(report.Labelled && report.Timed);
    }

    [Fact]
    public void Cells_that_are_not_measured_yet_are_named_and_left_out()
    {
        ResultsFolder results = SomeResults.Write(folder.Path);
        File.Delete(results.Cell("tome-100", Shard.Whole));
        Report report = ReportReader.Load(results);
        Assert.Equal("tome-100", Assert.Single(report.Missing));
        Assert.Equal(6, report.Rows.Length);
        Assert.Contains(Findings.Of(report), sentence => sentence.Contains("1 cell of 7 cells is not measured yet"));
    }

    [Fact]
    public void Results_of_another_plan_and_a_folder_without_the_dense_network_are_refused()
    {
        ResultsFolder results = SomeResults.Write(folder.Path);
        File.Copy(results.Plan("tome-40"), results.Plan("tome-100"), overwrite: true);
        Assert.Contains("another plan", Assert.Throws<InvalidDataException>(() => ReportReader.Load(results)).Message);
        File.Move(results.Cell("dense", Shard.Whole), results.Cell("dense", new Shard(1, 2)));
        Assert.Contains("secateur merge", Assert.Throws<InvalidDataException>(() => ReportReader.Load(results)).Message);
        Assert.Contains("results.json", Assert.Throws<InvalidDataException>(() => ReportReader.Load(new ResultsFolder(folder["nothing"]))).Message);
    }

    [Fact]
    public void The_findings_call_a_difference_inside_the_noise_none_and_say_what_is_no_faster()
    {
        string words = string.Join('\n', Findings.Of(SomeResults.Read(folder.Path)));
        Assert.Contains("At 80% of the multiply-adds, ", words);
        Assert.Contains("At 50% of the multiply-adds, ", words);
        Assert.Contains("`tome at 80%` and `tome at 50%` are no faster than dense beyond the noise", words);
        Assert.Contains("no difference in top-1 beyond the noise", words);
    }

    [Fact]
    public void Without_labels_and_times_the_findings_speak_of_neither()
    {
        Report report = SomeResults.Read(folder.Path, labelled: false, timed: false);
        string words = string.Join('\n', Findings.Of(report));
        Assert.False(report.Labelled);
        Assert.DoesNotContain("top-1", words);
        Assert.Contains("Latency was not measured", words);
        Assert.DoesNotContain("top-1", MarkdownReport.Write(report));
        string[] lines = CsvReport.Write(report).Split("\r\n");
        Assert.Equal("", Column(lines, 0, "top1"));
        Assert.Equal("", Column(lines, 1, "infer_step_time"));
    }

    [Fact]
    public void The_CSV_has_the_columns_of_timm_in_their_units()
    {
        Report report = SomeResults.Read(folder.Path);
        string[] lines = CsvReport.Write(report, parameters: 1_380_000).Split("\r\n");
        Assert.Equal(report.Rows.Length + 2, lines.Length); // the header, and nothing after the last end of line
        ReportRow row = report.Plans[1];
        Assert.Equal(row.Accuracy.Top1!.Value.Part * 100, double.Parse(Column(lines, 2, "top1")), 0.001); // three decimals
        Assert.Equal(100, double.Parse(Column(lines, 2, "top1")) + double.Parse(Column(lines, 2, "top1_err")), 1e-9);
        Assert.Equal("1.38", Column(lines, 2, "param_count"));
        Assert.Equal("112", Column(lines, 2, "img_size"));
        Assert.Equal("bicubic", Column(lines, 2, "interpolation"));
        Assert.Equal(row.Accuracy.Macs / 1e9, double.Parse(Column(lines, 2, "infer_gmacs")), 0.0001); // four decimals
        Assert.Equal(1000 / row.Timing!.Plan.P50, double.Parse(Column(lines, 2, "infer_samples_per_sec")), 0.01); // two decimals
        Assert.Equal("false", Column(lines, 2, "speedup_differs"));
    }

    [Fact]
    public void The_JSON_has_counts_and_intervals_and_the_pictures_that_are_lost()
    {
        Report report = SomeResults.Read(folder.Path);
        using var stream = new MemoryStream();
        JsonReport.Write(report, stream, indented: true);
        using JsonDocument json = JsonDocument.Parse(stream.ToArray());
        JsonElement[] rows = [.. json.RootElement.GetProperty("rows").EnumerateArray()];
        Assert.Equal(report.Rows.Length, rows.Length);
        foreach ((JsonElement found, ReportRow row) in rows.Zip(report.Rows))
        {
            Assert.Equal(row.Cell.Name, found.GetProperty("name").GetString());
            Assert.Equal(row.Accuracy.Top1!.Value.Count, found.GetProperty("top1").GetProperty("count").GetInt32());
            Assert.Equal(row.Accuracy.Macs, found.GetProperty("macs").GetDouble());
            Assert.Equal(row.Accuracy.SelectionMacs, found.GetProperty("selection-macs").GetDouble());
            if (!row.Cell.IsDense)
                Assert.Equal(row.Accuracy.Regressions.Select(one => one.Name), found.GetProperty("regressions").EnumerateArray().Select(one => one.GetProperty("picture").GetString()));
        }
    }

    [Fact]
    public void Names_that_Markdown_would_take_for_its_own_are_escaped()
    {
        string text = MarkdownReport.Write(SomeResults.Read(folder.Path, change: manifest => manifest with { Architecture = "a|b*<script>\n# head" }));
        Assert.StartsWith(@"# a\|b\*\<script\> \# head on ", text);
        Assert.DoesNotContain("\n# head", text);
    }

    [Fact]
    public void A_CSV_field_cannot_break_out_of_its_quotes()
    {
        string text = CsvReport.Write(SomeResults.Read(folder.Path, change: manifest => manifest with { Architecture = "a\",\"b\r\nc" }));
        Assert.Contains("\r\n\"a\"\",\"\"b\r\nc\",dense,", text);
    }

    [Fact]
    public void The_same_results_are_the_same_bytes_in_every_form()
    {
        Report one = SomeResults.Read(folder.Path), other = ReportReader.Load(new ResultsFolder(folder.Path));
        Assert.Equal(CsvReport.Write(one), CsvReport.Write(other));
        Assert.Equal(MarkdownReport.Write(one), MarkdownReport.Write(other));
        Assert.Equal(Json(one), Json(other));

        static string Json(Report report)
        {
            using var stream = new MemoryStream();
            JsonReport.Write(report, stream, indented: false);
            return Encoding.UTF8.GetString(stream.ToArray());
        }
    }

    static string Column(string[] lines, int row, string name) => lines[row + 1].Split(',')[Array.IndexOf(lines[0].Split(','), name)];
}
