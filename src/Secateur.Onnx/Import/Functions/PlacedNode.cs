using System.Collections.Immutable;
using Secateur.Onnx.Schema;

namespace Secateur.Onnx.Import.Functions;

/// <summary>An operator of a graph in which no function is called any more.</summary>
/// <param name="Proto">What it says; every name in it is one of the whole graph.</param>
/// <param name="Opset">Version of the operators where it was written.</param>
/// <param name="Branches">Of an If: what runs where its condition holds, and where not. Others have none.</param>
internal sealed record PlacedNode(NodeProto Proto, int Opset, ImmutableArray<Branch> Branches)
{
    /// <summary>It, and all that its branches run.</summary>
    public IEnumerable<NodeProto> All => [Proto, .. Branches.SelectMany(branch => branch.Nodes).SelectMany(node => node.All)];

    /// <summary>All that it may read.</summary>
    public IEnumerable<string> Reads => [.. Proto.Input, .. Branches.SelectMany(branch => branch.Nodes.SelectMany(node => node.Reads).Concat(branch.Outputs))];
}

/// <summary>One way that an If may go.</summary>
/// <param name="Nodes">What runs; it may read what stands before the If.</param>
/// <param name="Outputs">What the If gives.</param>
internal sealed record Branch(ImmutableArray<PlacedNode> Nodes, ImmutableArray<string> Outputs);
