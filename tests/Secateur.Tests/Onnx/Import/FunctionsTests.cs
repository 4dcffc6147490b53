using Google.Protobuf;
using Secateur.Models;
using Secateur.Models.Checkpoints;
using Secateur.Onnx.Import;
using Secateur.Onnx.Runtime;
using Secateur.Onnx.Schema;

namespace Secateur.Tests.Onnx.Import;

/// <summary>Functions of a model are what they compute, wherever they are called.</summary>
public sealed class FunctionsTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public static TheoryData<string> Files() => ["timm-vit-opset12", "timm-vit-opset17", "split-tanh-13", "registers-swiglu-15", "clip-17", "bert-11", "roberta-14", "sentences-14"];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_network_in_functions_of_functions_and_branches_is_the_same_network(string name)
    {
        for (int seed = 0; seed < 3; seed++)
        {
            ModelProto model = Fixture(name);
            Assert.True(new Outliner(model, seed).Outline(30, 25).Functions > 10);
            RequireSame(name, model);
        }
    }

    [Theory]
    [InlineData("timm-vit-opset12", 17)]
    [InlineData("bert-11", 21)]
    [InlineData("distilled-11", 18)]
    [InlineData("timm-vit-opset17", 12)]
    public void Operators_of_a_function_are_of_the_version_that_it_was_written_for(string name, int model)
    {
        ModelProto whole = Fixture(name);
        new Outliner(whole, 1).OutlineAll(model);
        RequireSame(name, whole);
    }

    // What the tests above read is what others take for functions too.
    [SkippableTheory]
    [InlineData("timm-vit-opset17")]
    [InlineData("clip-17")]
    public void The_runtime_takes_such_a_file_for_the_same_network(string name)
    {
        ModelProto model = Fixture(name);
        byte[] plain = model.ToByteArray();
        new Outliner(model, 4).Outline(30, 25);
        float[][] answers = [.. new[] { plain, model.ToByteArray() }.Select(bytes =>
        {
            using OnnxSession session = OnnxSession.Open(InstalledRuntime.Library, bytes, new() { Threads = 1, Optimisation = OnnxOptimisation.None }); // 1.30 loses sight of names when it folds an If in an If
            OnnxValueInfo input = session.Inputs[0];
            var pictures = new OnnxTensor(input.Type, [.. input.Shape.Select(side => Math.Max(1, side))]);
            pictures.Values<float>().Fill(.5f);
            return session.Run(KeyValuePair.Create(input.Name, pictures))[session.Outputs[0].Name].Values<float>().ToArray();
        })];
        Assert.InRange(Vit.TinyNetworks.Difference(answers[0], answers[1]), 0, 1e-6);
    }

    [Fact]
    public void Functions_that_call_themselves_are_refused()
    {
        Assert.Contains("calls itself", Refusal(Function("f", Call("f"))));
        Assert.Contains("calls itself", Refusal(Function("f", Call("g")), Function("g", Call("h")), Function("h", Call("f"))));
        FunctionProto[] chain = [.. Enumerable.Range(0, 100).Select(i => Function(i == 0 ? "f" : $"f{i}", Call($"f{i + 1}"))), Function("f100", Node("Relu"))];
        Assert.Contains("32 deep", Refusal(chain));
    }

    [Theory]
    [InlineData("Identity")]
    [InlineData(null)]
    public void A_few_bytes_do_not_become_a_million_nodes(string? last)
    {
        // A hundred calls of a hundred calls of a hundred calls; also where nothing is computed in the end.
        NodeProto[] Hundred(string name) => [.. Enumerable.Range(0, 100).Select(i => new NodeProto { OpType = name, Domain = "d", Input = { i == 0 ? "x" : $"v{i - 1}" }, Output = { i == 99 ? "y" : $"v{i}" } })];
        FunctionProto leaf = Function("h", last is null ? [] : [Node(last)]);
        if (last is null)
            leaf.Output[0] = "x";
        Assert.Contains("more than 200000 nodes", Refusal(Function("f", Hundred("g")), Function("g", Hundred("i")), Function("i", Hundred("h")), leaf));
    }

    [Fact]
    public void What_a_function_lacks_is_named()
    {
        Assert.Contains("d.f 'call'", Refusal());
        Assert.Contains("f reads 'patches', which nothing before gives", Refusal(Function("f", new NodeProto { OpType = "Relu", Input = { "patches" }, Output = { "y" } })));
        Assert.Contains("f reads 'y'", Refusal(Function("f")));
        Assert.Contains("gives 'x' twice", Refusal(Function("f", new NodeProto { OpType = "Relu", Input = { "x" }, Output = { "x" } })));
        Assert.Contains("two functions f", Refusal(Function("f", Node("Relu")), Function("f", Node("Relu"))));
        Assert.Contains("called with 1", Refusal(new FunctionProto { Name = "f", Domain = "d", Output = { "y" } }));
        FunctionProto later = Function("f", Node("Relu"));
        later.OpsetImport.Add(new OperatorSetIdProto { Version = 22 });
        Assert.Contains("opset 22", Refusal(later));
    }

    [Fact]
    public void A_branch_that_depends_on_the_picture_is_refused()
    {
        var graph = new GraphProto { Node = { Node("Relu") }, Output = { new ValueInfoProto { Name = "y" } } };
        var choice = new NodeProto { OpType = "If", Input = { "x" }, Output = { "y" }, Attribute = { new AttributeProto { Name = "then_branch", G = graph }, new AttributeProto { Name = "else_branch", G = graph } } };
        choice.Attribute[0].G = new() { Node = { new NodeProto { OpType = "Relu", Input = { "x" }, Output = { "z" } } }, Output = { new ValueInfoProto { Name = "z" } } };
        choice.Attribute[1].G = choice.Attribute[0].G;
        Assert.Contains("which way it goes depends on what the network is given", Refusal(Function("f", choice)));
    }

    [Theory]
    [InlineData("timm-vit-opset12")]
    [InlineData("bert-11")]
    public void Functions_with_other_bytes_are_refused_or_load(string name)
    {
        ModelProto model = Fixture(name);
        new Outliner(model, 7).Outline(20, 25);
        foreach (TensorProto weight in model.Graph.Initializer)
            weight.RawData = weight.HasRawData ? weight.RawData : ByteString.Empty;
        var random = new Random(20261122);
        for (int i = 0; i < Fuzz.Rounds(40); i++)
        {
            ModelProto other = model.Clone();
            for (int changes = random.Next(1, 5); changes > 0; changes--)
                Mutate(other, random);
            File.WriteAllBytes(folder["model.onnx"], other.ToByteArray());
            try
            {
                OnnxImport.Load(folder["model.onnx"]);
            }
            catch (CheckpointException error)
            {
                Assert.Contains("model.onnx", error.Message, StringComparison.Ordinal);
            }
        }
    }

    static void Mutate(ModelProto model, Random random)
    {
        T Any<T>(IReadOnlyList<T> all) => all[random.Next(all.Count)];
        FunctionProto function = Any(model.Functions);
        NodeProto node = Any((IReadOnlyList<NodeProto>)[.. model.Functions.SelectMany(one => one.Node), .. model.Graph.Node]), other = Any((IReadOnlyList<NodeProto>)[.. model.Functions.SelectMany(one => one.Node)]);
        switch (random.Next(8))
        {
            case 0:
                (node.OpType, node.Domain) = (other.OpType, other.Domain);
                break;
            case 1 when node.Input.Count > 0 && other.Output.Count > 0:
                node.Input[random.Next(node.Input.Count)] = other.Output[0];
                break;
            case 2 when function.Input.Count > 0:
                function.Input.RemoveAt(random.Next(function.Input.Count));
                break;
            case 3 when function.Output.Count > 0:
                function.Output[0] = function.Input.Count > 0 ? Any(function.Input) : "";
                break;
            case 4:
                model.Functions.Remove(function);
                break;
            case 5 when node.Attribute.Count > 0:
                node.Attribute[0].RefAttrName = other.Attribute.Count > 0 ? other.Attribute[0].Name : "none";
                break;
            case 6 when node.Attribute.Count > 0 && other.Attribute.Count > 0:
                node.Attribute[0] = other.Attribute[0].Clone();
                break;
            default:
                function.Name = Any(model.Functions).Name;
                break;
        }
    }

    static ModelProto Fixture(string name) => ModelProto.Parser.ParseFrom(File.ReadAllBytes(Fixtures.Path($"onnx/{name}.onnx")));

    static NodeProto Call(string name) => new() { OpType = name, Domain = "d", Input = { "x" }, Output = { "y" } };

    static NodeProto Node(string op) => new() { OpType = op, Input = { "x" }, Output = { "y" } };

    static FunctionProto Function(string name, params NodeProto[] nodes) => new() { Name = name, Domain = "d", Input = { "x" }, Output = { "y" }, Node = { nodes } };

    // A network whose patches go through a call of f.
    string Refusal(params FunctionProto[] functions)
    {
        ModelProto model = Fixture("mean-scaled-16");
        NodeProto patches = model.Graph.Node.First(node => node.OpType == "Conv");
        (string given, patches.Output[0]) = (patches.Output[0], "patches");
        model.Graph.Node.Insert(model.Graph.Node.IndexOf(patches) + 1, new NodeProto { OpType = "f", Domain = "d", Name = "call", Input = { "patches" }, Output = { given } });
        model.Functions.Add(functions);
        File.WriteAllBytes(folder["model.onnx"], model.ToByteArray());
        string error = Assert.Throws<CheckpointException>(() => OnnxImport.Load(folder["model.onnx"])).Message;
        Assert.Contains("model.onnx", error, StringComparison.Ordinal);
        return error;
    }

    void RequireSame(string name, ModelProto model)
    {
        File.WriteAllBytes(folder["model.onnx"], model.ToByteArray());
        Transformer expected = OnnxImport.Load(Fixtures.Path($"onnx/{name}.onnx")), network = OnnxImport.Load(folder["model.onnx"]);
        Assert.Equal([.. expected.Blocks], (BlockShape[])[.. network.Blocks]);
        Assert.Equal(WeightsHash.Of(expected), WeightsHash.Of(network));
    }

    public void Dispose() => folder.Dispose();
}
