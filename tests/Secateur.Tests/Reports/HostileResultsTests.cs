using Secateur.Compression;
using Secateur.Evaluation.Profiling;
using Secateur.Evaluation.Reports;
using Secateur.Evaluation.Reports.Html;
using Secateur.Evaluation.Sweeps;

namespace Secateur.Tests.Reports;

public sealed class HostileResultsTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>Characters and whole numbers are changed, ends cut off, files put in each other's place.</summary>
    [Fact]
    public void A_damaged_folder_is_refused_or_read_and_what_is_read_can_be_shown()
    {
        ResultsFolder results = SomeResults.Write(folder.Path);
        LatencyProfileFile.Save(Profiling.Profiles.Small, results.Profile);
        string[] files = [.. Directory.GetFiles(folder.Path, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        var random = new Random(1);
        int refused = 0, rounds = Fuzz.Rounds(300);
        for (int i = 0; i < rounds; i++)
        {
            string file = files[random.Next(files.Length)];
            byte[] good = File.ReadAllBytes(file);
            File.WriteAllBytes(file, Damaged(good, files, random));
            try
            {
                Report report = ReportReader.Load(results);
                HtmlReport.Write(report, null, "Not at hand.");
                MarkdownReport.Write(report);
                CsvReport.Write(report);
                JsonReport.Write(report, Stream.Null, indented: false);
            }
            catch (Exception e) when (e is InvalidDataException or LatencyProfileException or PlanException or FileNotFoundException)
            {
                refused++;
                Assert.NotEmpty(e.Message);
            }
            finally
            {
                File.WriteAllBytes(file, good);
            }
        }

        Assert.InRange(refused, rounds / 3, rounds - 1);
        ReportReader.Load(results);
    }

    static byte[] Damaged(byte[] good, string[] files, Random random)
    {
        byte[] bytes = [.. good];
        switch (random.Next(4))
        {
            case 0:
                return bytes[..random.Next(bytes.Length)];
            case 1:
                return File.ReadAllBytes(files[random.Next(files.Length)]);
            case 2:
                for (int change = random.Next(1, 4); change > 0; change--)
                    bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                return bytes;
            default: // a digit for a digit, so that it often stays well-formed
                int[] digits = [.. Enumerable.Range(0, bytes.Length).Where(at => bytes[at] is >= (byte)'0' and <= (byte)'9')];
                for (int change = random.Next(1, 4); change > 0; change--)
                    bytes[digits[random.Next(digits.Length)]] = (byte)('0' + random.Next(10));
                return bytes;
        }
    }
}
