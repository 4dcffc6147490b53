using Secateur.Models;
using Secateur.Models.Bert;
using Secateur.Models.Vit;
using Secateur.Onnx.Export;

namespace Secateur.Tests.Onnx;

/// <summary>What the reference checker says of files, types and shapes included.</summary>
public sealed class ReferenceCheckerTests
{
    [SkippableFact]
    public void Nothing_is_wrong_with_any_family_of_networks()
    {
        using var folder = new TemporaryFolder();
        List<string> files = [];
        foreach (string name in Directory.GetDirectories(Fixtures.Path("timm")).Concat(Directory.GetDirectories(Fixtures.Path("text-networks"))).Select(path => Path.GetRelativePath(Fixtures.Path(""), path)))
        {
            foreach (int? batch in (int?[])[null, 2])
                files.AddRange(Export(name, batch).Save(folder[$"{Path.GetFileName(name)}-{batch}.onnx"]));
        }

        VisionTransformer network = VisionTransformer.Load(Fixtures.Path("timm/augreg-vit"));
        files.AddRange(OnnxExport.Vision(network, null, new() { Normalise = true }).Save(folder["bytes.onnx"]));
        files.Add(OnnxExport.Vision(network).Save(folder["outside.onnx"], weightsOutside: true)[0]);
        Assert.Equal("", ReferenceChecker.Complaints([.. files]));
    }

    [SkippableFact]
    public void A_file_that_is_wrong_is_named()
    {
        using var folder = new TemporaryFolder();
        OnnxModel model = Export("timm/augreg-vit", 1);
        model.Proto.Graph.Node[^1].Input[0] = "nothing";
        string file = model.Save(folder["wrong.onnx"])[0];
        Assert.Contains(file, ReferenceChecker.Complaints(file));
    }

    static OnnxModel Export(string name, int? batch) => Transformer.Load(Fixtures.Path(name)) switch
    {
        VisionTransformer vision => OnnxExport.Vision(vision, null, new() { Batch = batch }),
        var texts => OnnxExport.Text((TextTransformer)texts, new() { Batch = batch, Sequence = batch is null ? null : 12 }),
    };
}
