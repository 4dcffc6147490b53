using Secateur.Compression.Tokens;
using Secateur.Models.Tokens;
using Secateur.Onnx.Export;
using Secateur.Onnx.Export.Tokens;
using Secateur.Tests.Architecture;

namespace Secateur.Tests.Onnx;

/// <summary>The table of token methods in docs/onnx.md.</summary>
public sealed class TokenGraphPageTests
{
    public static TheoryData<string> Methods => [.. TokenMethods.All.Select(method => method.Name)];

    [Theory]
    [MemberData(nameof(Methods))]
    public void The_table_says_which_method_exports_and_in_the_command_s_words_which_does_not(string method)
    {
        string row = Assert.Single(File.ReadLines(Path.Combine(Repository.Root, "docs", "onnx.md")), line => line.StartsWith($"| `{method}` |", StringComparison.Ordinal));
        ITokenReducer reducer = TokenMethods.Get(method).DefaultPlan(12, 196).Stages[0].Reducer;
        try
        {
            TokenGraphs.For(reducer);
            Assert.StartsWith($"| `{method}` | yes | ", row, StringComparison.Ordinal);
        }
        catch (OnnxExportException refusal)
        {
            Assert.Equal($"| `{method}` | no | {refusal.Message} |", row);
        }
    }
}
