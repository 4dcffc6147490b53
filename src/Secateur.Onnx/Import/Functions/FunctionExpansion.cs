using System.Collections.Immutable;
using Secateur.Models.Checkpoints;
using Secateur.Onnx.Graphs;
using Secateur.Onnx.Schema;

namespace Secateur.Onnx.Import.Functions;

/// <summary>Puts what the functions of a model compute in place of what calls them: PyTorch's first dynamo exporter (torch.onnx.dynamo_export, 2.1 to 2.4) writes modules and
/// operators as functions. A function's names are its own, so that each call gives them others (ONNX IR, "Functions").</summary>
internal sealed class FunctionExpansion
{
    const int MostNodes = 200_000, Deepest = 32, MostCopied = 64 << 20;

    readonly string path;
    readonly int opset;
    readonly Dictionary<(string Domain, string Name, string Overload), FunctionProto> functions = [];
    int steps;
    int values;
    long copied;

    FunctionExpansion(string path, ModelProto model)
    {
        (this.path, opset) = (path, Standard(model.OpsetImport)!.Value);
        foreach (FunctionProto function in model.Functions)
            if (!functions.TryAdd((Domain(function.Domain), function.Name, function.Overload), function))
                throw new CheckpointException($"{path}: there are two functions {Node.Short(function.Name)}.");
    }

    /// <summary>The operators of a model.</summary>
    /// <param name="path">The file, for errors.</param>
    /// <param name="model">The model.</param>
    /// <returns>Operators in the order in which they run; none of them calls a function of the model.</returns>
    /// <exception cref="CheckpointException">A function calls itself, or there are more operators than any network has.</exception>
    public static ImmutableArray<PlacedNode> Of(string path, ModelProto model)
    {
        var expansion = new FunctionExpansion(path, model);
        return expansion.Expand(model.Graph.Node, new(path, expansion.opset, null));
    }

    ImmutableArray<PlacedNode> Expand(IEnumerable<NodeProto> nodes, FunctionScope scope)
    {
        var placed = ImmutableArray.CreateBuilder<PlacedNode>();
        foreach (NodeProto node in nodes)
        {
            if (++steps > MostNodes)
                throw new CheckpointException($"{path}: its graph, with what its functions stand for, has more than {MostNodes} nodes, and no network that runs here has as many.");
            if (functions.TryGetValue((Domain(node.Domain), node.OpType, node.Overload), out FunctionProto? function))
                Call(function, node, scope, placed);
            else
                placed.Add(Place(node, scope));
        }

        return placed.ToImmutable();
    }

    void Call(FunctionProto function, NodeProto node, FunctionScope scope, ImmutableArray<PlacedNode>.Builder placed)
    {
        if (scope.IsCalling(function) || scope.Depth > Deepest)
            throw new CheckpointException($"{path}: the function {Node.Short(function.Name)} calls itself, or functions call each other more than {Deepest} deep.");
        int version = Standard(function.OpsetImport) ?? opset;
        var inner = new FunctionScope(path, version, function) { Prefix = $"{Named(node, scope)}/", Outer = scope, Attributes = Told(function, node, scope) };
        if (version is < OnnxFile.OldestOpset or > OnnxFile.NewestOpset)
            throw inner.Wrong($"is of opset {version}; {OnnxFile.OldestOpset} to {OnnxFile.NewestOpset} are read here");
        if (node.Input.Count > function.Input.Count || node.Output.Count > function.Output.Count)
            throw inner.Wrong($"takes {function.Input.Count} and gives {function.Output.Count}, and is called with {node.Input.Count} for {node.Output.Count}");

        // 1. What it takes and gives has the names that the call says.
        for (int i = 0; i < function.Input.Count; i++)
            inner.Set(function.Input[i], i < node.Input.Count ? scope.Read(node.Input[i]) : "");
        string[] given = [.. node.Output.Select(name => Give(scope, name))];
        for (int i = 0; i < given.Length; i++)
            if (given[i].Length > 0)
                inner.Wanted.TryAdd(function.Output[i], given[i]);

        // 2. What it computes.
        placed.AddRange(Expand(function.Node, inner));

        // 3. What it hands on as it came, or gives twice.
        for (int i = 0; i < given.Length; i++)
            if (given[i].Length > 0 && inner.Read(function.Output[i]) is var known && known != given[i])
                placed.Add(new(new() { OpType = "Identity", Name = Named(node, scope), Input = { known }, Output = { given[i] } }, version, []));
    }

    PlacedNode Place(NodeProto node, FunctionScope scope)
    {
        ImmutableArray<Branch> branches = node.OpType == "If" ? [.. ((string[])["then_branch", "else_branch"]).Select(name => Way(node, name, scope)).OfType<Branch>()] : [];
        if (scope.Function is null)
            return new(node, scope.Opset, branches);
        var proto = new NodeProto { OpType = node.OpType, Domain = node.Domain, Name = Named(node, scope) };
        proto.Input.Add(node.Input.Select(scope.Read));
        proto.Output.Add(node.Output.Select(name => Give(scope, name)));
        proto.Attribute.Add(node.Attribute.Select(attribute => Resolved(attribute, scope)).OfType<AttributeProto>());
        return new(proto, scope.Opset, branches);
    }

    Branch? Way(NodeProto node, string name, FunctionScope around)
    {
        if (node.Attribute.FirstOrDefault(attribute => attribute.Name == name)?.G is not { } graph)
            return null;
        FunctionScope scope = around.Inside();
        IEnumerable<NodeProto> stored = graph.Initializer.Select(tensor => new NodeProto { OpType = "Constant", Output = { tensor.Name }, Attribute = { new AttributeProto { Name = "value", T = tensor } } });
        ImmutableArray<PlacedNode> nodes = Expand(stored.Concat(graph.Node), scope);
        return new(nodes, [.. graph.Output.Select(output => scope.Read(output.Name))]);
    }

    string Give(FunctionScope scope, string name)
    {
        if (scope.Function is null || name.Length == 0)
            return name;
        string known = scope.Wanted.TryGetValue(name, out string? wanted) ? wanted : $"{Node.Short(name)}~{++values}";
        scope.Set(name, known);
        return known;
    }

    Dictionary<string, AttributeProto> Told(FunctionProto function, NodeProto node, FunctionScope scope)
    {
        var told = new Dictionary<string, AttributeProto>();
        foreach (AttributeProto attribute in function.AttributeProto)
            told[attribute.Name] = attribute;
        foreach (AttributeProto attribute in node.Attribute)
            if (Resolved(attribute, scope) is { } value)
                told[attribute.Name] = value;
        return told;
    }

    // An attribute that the function's caller says; none where it does not. Copies are counted, tensors shared.
    AttributeProto? Resolved(AttributeProto attribute, FunctionScope scope)
    {
        if (attribute.RefAttrName.Length == 0)
            return attribute;
        if (!scope.Attributes.TryGetValue(attribute.RefAttrName, out AttributeProto? told))
            return null;
        if ((copied += told.S.Length + (8L * (told.Floats.Count + told.Ints.Count))) > MostCopied)
            throw new CheckpointException($"{path}: what it says to its functions is more than any network says.");
        var named = new AttributeProto { Name = attribute.Name, F = told.F, I = told.I, S = told.S, Type = told.Type };
        (named.T, named.G) = (told.T, told.G);
        named.Floats.Add(told.Floats);
        named.Ints.Add(told.Ints);
        return named;
    }

    static string Named(NodeProto node, FunctionScope scope) => Node.Short(scope.Prefix + (node.Name.Length > 0 ? node.Name : node.OpType));

    static int? Standard(IEnumerable<OperatorSetIdProto> imports) =>
        imports.FirstOrDefault(import => OnnxFile.IsStandard(import.Domain)) is { } standard ? (int)Math.Clamp(standard.Version, 0, int.MaxValue) : null;

    static string Domain(string domain) => OnnxFile.IsStandard(domain) ? "" : domain;
}
