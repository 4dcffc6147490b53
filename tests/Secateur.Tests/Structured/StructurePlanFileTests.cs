using System.Text.RegularExpressions;
using Secateur.Compression;
using Secateur.Compression.Structured;
using Secateur.Models.Checkpoints;
using Secateur.Models.Vit;
using Secateur.Tests.Architecture;

namespace Secateur.Tests.Structured;

public sealed class StructurePlanFileTests
{
    const string Head = "\"format\": \"secateur-structure-plan\", \"version\": 1";

    static readonly StructurePlan Plan = new([
        new([0, 1, 2, 5], [0, 7, 8]) { HeadScales = [1, 0.1f, -3.4028235e38f, 1.17549435e-38f], NeuronScales = [1f / 3, -0.0f, 16777217], AttentionBias = [0.5f, float.Epsilon], MlpBias = [1e-7f, 2] },
        new([], []),
        new([3], [.. Enumerable.Range(0, 3072)]),
    ])
    {
        Origin = new()
        {
            Tool = "secateur 0.1.0",
            Architecture = "scenes_vit",
            Weights = new('a', 64),
            Scorer = "optin",
            Allocator = "mask-search",
            Corrector = "none",
            Budget = 0.7,
            Calibration = "32 pictures of \"photos.tar\"",
            Macs = new(700, 1000),
        },
    };

    [Fact]
    public void A_plan_survives_its_file_bit_for_bit()
    {
        using var folder = new TemporaryFolder();
        StructurePlanFile.Save(Plan, folder["plan.json"]);
        StructurePlan again = StructurePlanFile.Load(folder["plan.json"]);
        Assert.Equal([folder["plan.json"]], Directory.GetFiles(folder.Path));
        Assert.Equal(Plan.Origin, again.Origin);
        for (int i = 0; i < Plan.Layers.Length; i++)
        {
            Assert.Equal(Plan.Layers[i].Heads.AsEnumerable(), again.Layers[i].Heads);
            Assert.Equal(Plan.Layers[i].Neurons.AsEnumerable(), again.Layers[i].Neurons);
            foreach (Func<LayerPlan, IEnumerable<float>> part in new Func<LayerPlan, IEnumerable<float>>[] { l => l.HeadScales, l => l.NeuronScales, l => l.AttentionBias, l => l.MlpBias })
                Assert.Equal(part(Plan.Layers[i]).Select(BitConverter.SingleToInt32Bits), part(again.Layers[i]).Select(BitConverter.SingleToInt32Bits));
        }
    }

    [Fact]
    public void Units_are_written_as_ranges_and_corrections_that_are_not_there_not_at_all()
    {
        string printed = StructurePlanFile.Print(Plan);
        Assert.Contains("\"heads\": \"0-2, 5\"", printed);
        Assert.Contains("\"neurons\": \"0-3071\"", printed);
        Assert.Equal(1, Regex.Count(printed, "head-scales"));
        Assert.Equal(printed, StructurePlanFile.Print(StructurePlanFile.Parse(printed)));
    }

    [Fact]
    public void A_plan_of_another_network_or_of_other_weights_is_refused()
    {
        VisionTransformer network = VisionTransformer.Load(Fixtures.Path("timm/augreg-vit"));
        using var folder = new TemporaryFolder();
        string path = folder["plan.json"];
        StructurePlan whole = StructurePlan.Whole(network) with { Origin = Plan.Origin! with { Weights = WeightsHash.Of(network) } };
        StructurePlanFile.Save(whole, path);
        Assert.Equal(whole.Origin, StructurePlanFile.Load(path, network).Origin);
        StructurePlanFile.Save(whole with { Origin = Plan.Origin }, path);
        Assert.Contains("other weights", Assert.Throws<PlanException>(() => StructurePlanFile.Load(path, network)).Message);
        StructurePlanFile.Save(Plan, path);
        Assert.Contains("another network", Assert.Throws<PlanException>(() => StructurePlanFile.Load(path, network)).Message);
    }

    [Theory]
    [InlineData("", "not JSON")]
    [InlineData("[]", "expected an object")]
    [InlineData("{}", "secateur-structure-plan")]
    [InlineData("{\"format\": \"secateur-token-plan\", \"version\": 1}", "secateur-structure-plan")]
    [InlineData("{\"format\": \"secateur-structure-plan\", \"version\": 2}", "version 1")]
    [InlineData("{HEAD}", "no layers")]
    [InlineData("{HEAD, \"layers\": []}", "0 layers")]
    [InlineData("{HEAD, \"layers\": {}}", "expected a list")]
    [InlineData("{HEAD, \"layers\": [{\"heads\": \"\"}]}", "layers[0] does not say which neurons stay")]
    [InlineData("{HEAD, \"layers\": [{\"heads\": [0], \"neurons\": \"\"}]}", "layers[0].heads is [0]; expected text")]
    [InlineData("{HEAD, \"layers\": [{\"heads\": \"0\", \"neurons\": \"0\"}, {\"heads\": \"1, 0\", \"neurons\": \"\"}]}", "layers[1].heads")]
    [InlineData("{HEAD, \"layers\": [{\"heads\": \"0\", \"neurons\": \"3-1\"}]}", "layers[0].neurons")]
    [InlineData("{HEAD, \"layers\": [{\"heads\": \"0\", \"neurons\": \"0-1-2\"}]}", "layers[0].neurons")]
    [InlineData("{HEAD, \"layers\": [{\"heads\": \"0\", \"neurons\": \"-1\"}]}", "layers[0].neurons")]
    [InlineData("{HEAD, \"layers\": [{\"heads\": \"0\", \"neurons\": \"0,,1\"}]}", "layers[0].neurons")]
    [InlineData("{HEAD, \"layers\": [{\"heads\": \"0\", \"neurons\": \"0-2000000000\"}]}", "below 262144")]
    [InlineData("{HEAD, \"layers\": [{\"heads\": \"0\", \"neurons\": \"0-99999999999\"}]}", "below 262144")]
    [InlineData("{HEAD, \"layers\": [{\"heads\": \"0\", \"neurons\": \"\", \"head-scales\": [1, 2]}]}", "head-scales has 2 numbers; expected 1")]
    [InlineData("{HEAD, \"layers\": [{\"heads\": \"0\", \"neurons\": \"\", \"head-scales\": [1e39]}]}", "head-scales[0] is 1e39")]
    [InlineData("{HEAD, \"layers\": [{\"heads\": \"0\", \"neurons\": \"\", \"head-scales\": [\"1\"]}]}", "head-scales[0]")]
    [InlineData("{HEAD, \"layers\": [{\"heads\": \"0\", \"neurons\": \"\", \"mlp-bias\": []}]}", "mlp-bias has 0 numbers")]
    [InlineData("{HEAD, \"layers\": [{\"heads\": \"0\", \"neurons\": \"\", \"colour\": 1}]}", "'colour'")]
    [InlineData("{HEAD, \"layers\": [{\"heads\": \"0\", \"heads\": \"1\", \"neurons\": \"\"}]}", "heads")]
    [InlineData("{HEAD, \"layers\": [[[[[[[[]]]]]]]]}", "JSON")]
    public void What_is_no_plan_is_refused_with_the_place_and_what_was_expected(string json, string says)
    {
        var refused = Assert.Throws<PlanException>(() => StructurePlanFile.Parse(json.Replace("HEAD", Head, StringComparison.Ordinal), "a.json"));
        Assert.Contains("a.json", refused.Message);
        Assert.Contains(says, refused.Message);
    }

    [Theory]
    [InlineData("\"budget\": 0.7", "\"budget\": 1.5", "origin.budget is 1.5")]
    [InlineData("\"budget\": 0.7,", "", "no key 'budget'")]
    [InlineData("\"scorer\": \"optin\"", "\"scorer\": \"\\u001b[31m\"", "control characters")]
    [InlineData("\"weights\": \"aaaa", "\"weights\": \"AAAA", "hexadecimal")]
    [InlineData("\"plan\": 700", "\"plan\": -1", "origin.macs.plan")]
    public void An_origin_that_says_what_cannot_be_is_refused(string what, string instead, string says)
    {
        string good = StructurePlanFile.Print(Plan);
        Assert.Contains(what, good);
        Assert.Contains(says, Assert.Throws<PlanException>(() => StructurePlanFile.Parse(good.Replace(what, instead, StringComparison.Ordinal))).Message);
    }

    [Fact]
    public void A_short_text_cannot_stand_for_more_units_than_there_are()
    {
        string layers = string.Join(", ", Enumerable.Repeat("{\"heads\": \"\", \"neurons\": \"0-262143\"}", 1000));
        Assert.Contains("keeps more than", Assert.Throws<PlanException>(() => StructurePlanFile.Parse($"{{{Head}, \"layers\": [{layers}]}}")).Message);
    }

    [Fact]
    public void A_damaged_file_is_read_or_refused_and_nothing_else()
    {
        string good = StructurePlanFile.Print(Plan);
        var random = new Random(1);
        int refused = 0, rounds = Fuzz.Rounds(3000);
        for (int i = 0; i < rounds; i++)
        {
            char[] text = good.ToCharArray();
            for (int change = random.Next(1, 4); change > 0; change--)
                text[random.Next(text.Length)] = (char)random.Next(32, 127);
            try
            {
                StructurePlanFile.Parse(new string(text)[..random.Next(text.Length / 2, text.Length + 1)]);
            }
            catch (PlanException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, rounds / 3, rounds);
    }

    [Fact]
    public void Every_key_that_is_written_is_described_and_the_example_is_one_that_is_read()
    {
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "formats", "structure-plan.md"));
        foreach (Match key in Regex.Matches(StructurePlanFile.Print(Plan), "\"([a-z-]+)\":"))
            Assert.Contains($"`{key.Groups[1].Value}`", page);
        Assert.NotNull(StructurePlanFile.Parse(Regex.Match(page, "```json\n(.*?)```", RegexOptions.Singleline).Groups[1].Value).Origin);
    }
}
