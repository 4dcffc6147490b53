using Google.Protobuf;
using Secateur.Onnx.Schema;
using AttributeType = Secateur.Onnx.Schema.AttributeProto.Types.AttributeType;
using DataType = Secateur.Onnx.Schema.TensorProto.Types.DataType;

namespace Secateur.Tests.Onnx.Import;

/// <summary>Writes a model again as PyTorch's first dynamo exporter would have: stretches of its graph become functions, these again stretches of others, some attributes
/// are said by whoever calls, and some stretches stand in an If that asks for the rank of something.</summary>
internal sealed class Outliner(ModelProto model, int seed)
{
    const string Domain = "pkg.tests";

    readonly Random random = new(seed);
    int made;

    /// <summary>How many functions there are.</summary>
    public int Functions => model.Functions.Count;

    /// <summary>Makes functions of stretches of the graph.</summary>
    /// <param name="count">How many.</param>
    /// <param name="longest">Nodes in each at most.</param>
    public Outliner Outline(int count, int longest)
    {
        model.IrVersion = Math.Max(model.IrVersion, 8);
        if (model.OpsetImport.All(import => import.Domain != Domain))
            model.OpsetImport.Add(new OperatorSetIdProto { Domain = Domain, Version = 1 });
        for (int i = 0; i < count; i++)
        {
            int length = random.Next(1, Math.Min(longest, model.Graph.Node.Count) + 1), start = random.Next(model.Graph.Node.Count - length + 1);
            if (i % 3 == 2)
                Branch(start, length);
            else
                MakeFunction(start, length);
        }

        return this;
    }

    /// <summary>Makes one function of all of it, written for the model's version of operators, and says that the model is of a later one.</summary>
    public void OutlineAll(int later)
    {
        model.IrVersion = Math.Max(model.IrVersion, 8);
        MakeFunction(0, model.Graph.Node.Count);
        model.OpsetImport[0] = new() { Domain = "", Version = later };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = Domain, Version = 1 });
    }

    void MakeFunction(int start, int length)
    {
        (NodeProto[] nodes, string[] inputs, string[] outputs) = Stretch(start, length);
        var function = new FunctionProto { Domain = Domain, Name = $"function_{made++}" };
        function.OpsetImport.Add(model.OpsetImport);
        var call = new NodeProto { OpType = function.Name, Domain = Domain, Name = $"call_{made}" };
        Dictionary<string, string> names = [];
        function.Input.Add(inputs.Select(name => Inner(names, name)));
        call.Input.Add(inputs);
        foreach (NodeProto node in nodes)
            function.Node.Add(Renamed(node, name => Inner(names, name)));
        function.Output.Add(outputs.Select(name => names[name]));
        call.Output.Add(outputs);
        foreach (AttributeProto attribute in function.Node.SelectMany(node => node.Attribute).Where(Movable).ToArray())
            Say(function, call, attribute);
        model.Functions.Add(function);
        Replace(start, length, call);
    }

    // If one of the inputs has a rank of -1, twice what the stretch gives; otherwise what it gives.
    void Branch(int start, int length)
    {
        (NodeProto[] nodes, string[] inputs, string[] outputs) = Stretch(start, length);
        if (inputs.Length == 0)
            return;

        string of = inputs[random.Next(inputs.Length)], tag = $"if_{made++}";
        GraphProto then = new() { Name = "then" }, otherwise = new() { Name = "else" };
        then.Node.Add(nodes.Select(node => Renamed(node, name => Inside("then", name))));
        otherwise.Node.Add(nodes.Select(node => Renamed(node, name => Inside("else", name))));
        foreach (string output in outputs)
        {
            string given = Inside("then", output);
            then.Node.Add(new NodeProto { OpType = output.EndsWith("_asks", StringComparison.Ordinal) ? "Or" : "Add", Input = { given, given }, Output = { given + "_twice" } });
            then.Output.Add(new ValueInfoProto { Name = given + "_twice" });
            otherwise.Output.Add(new ValueInfoProto { Name = Inside("else", output) });
        }

        var choice = new NodeProto { OpType = "If", Name = tag, Input = { $"{tag}_asks" } };
        choice.Output.Add(outputs);
        choice.Attribute.Add(new AttributeProto { Name = "then_branch", G = then, Type = AttributeType.Graph });
        choice.Attribute.Add(new AttributeProto { Name = "else_branch", G = otherwise, Type = AttributeType.Graph });
        var none = new TensorProto { DataType = (int)DataType.Int64, RawData = ByteString.CopyFrom(BitConverter.GetBytes(-1L)) };
        Replace(
            start,
            length,
            new() { OpType = "Shape", Input = { of }, Output = { $"{tag}_shape" } },
            new() { OpType = "Size", Input = { $"{tag}_shape" }, Output = { $"{tag}_rank" } },
            new() { OpType = "Constant", Output = { $"{tag}_none" }, Attribute = { new AttributeProto { Name = "value", T = none, Type = AttributeType.Tensor } } },
            new() { OpType = "Equal", Input = { $"{tag}_rank", $"{tag}_none" }, Output = { $"{tag}_asks" } },
            choice);

        // Names inside are of one branch alone.
        string Inside(string branch, string name) => nodes.Any(node => node.Output.Contains(name)) ? $"{tag}_{branch}_{name}" : name;
    }

    (NodeProto[] Nodes, string[] Inputs, string[] Outputs) Stretch(int start, int length)
    {
        NodeProto[] nodes = [.. model.Graph.Node.Skip(start).Take(length)], others = [.. model.Graph.Node.Take(start), .. model.Graph.Node.Skip(start + length)];
        HashSet<string> given = [.. nodes.SelectMany(node => node.Output)], wanted = [.. others.SelectMany(Reads), .. model.Graph.Output.Select(output => output.Name)];
        string[] inputs = [.. nodes.SelectMany(Reads).Where(name => name.Length > 0 && !given.Contains(name)).Distinct()];
        return (nodes, inputs, [.. nodes.SelectMany(node => node.Output).Where(wanted.Contains)]);
    }

    static IEnumerable<string> Reads(NodeProto node)
    {
        GraphProto[] graphs = [.. node.Attribute.Select(attribute => attribute.G).OfType<GraphProto>()];
        return [.. node.Input, .. graphs.SelectMany(graph => graph.Node.SelectMany(Reads).Concat(graph.Output.Select(output => output.Name)).Except(graph.Node.SelectMany(one => one.Output)))];
    }

    void Replace(int start, int length, params NodeProto[] by)
    {
        for (int i = 0; i < length; i++)
            model.Graph.Node.RemoveAt(start);
        for (int i = 0; i < by.Length; i++)
            model.Graph.Node.Insert(start + i, by[i]);
    }

    static NodeProto Renamed(NodeProto node, Func<string, string> rename)
    {
        NodeProto clone = node.Clone();
        for (int i = 0; i < clone.Input.Count; i++)
            clone.Input[i] = rename(clone.Input[i]);
        for (int i = 0; i < clone.Output.Count; i++)
            clone.Output[i] = rename(clone.Output[i]);
        foreach (GraphProto graph in clone.Attribute.Select(attribute => attribute.G).OfType<GraphProto>())
        {
            NodeProto[] inside = [.. graph.Node.Select(one => Renamed(one, rename))];
            graph.Node.Clear();
            graph.Node.Add(inside);
            foreach (ValueInfoProto output in graph.Output)
                output.Name = rename(output.Name);
        }

        return clone;
    }

    // The same few names in every function.
    static string Inner(Dictionary<string, string> names, string name) =>
        name.Length == 0 ? "" : names.TryGetValue(name, out string? known) ? known : names[name] = $"v{names.Count}";

    bool Movable(AttributeProto attribute) => attribute.RefAttrName.Length == 0 && attribute.G is null && attribute.Type is AttributeType.Int or AttributeType.Ints or AttributeType.Float && random.Next(2) == 0;

    void Say(FunctionProto function, NodeProto call, AttributeProto attribute)
    {
        AttributeProto said = attribute.Clone();
        said.Name = $"said_{function.Attribute.Count + function.AttributeProto.Count}";
        attribute.MergeFrom(new AttributeProto { RefAttrName = said.Name });
        attribute.ClearI();
        attribute.ClearF();
        attribute.Ints.Clear();
        if (random.Next(2) == 0)
        {
            function.AttributeProto.Add(said);
            return;
        }

        function.Attribute.Add(said.Name);
        call.Attribute.Add(said);
    }
}
