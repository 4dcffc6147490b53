using System.Collections.Immutable;
using System.CommandLine;

namespace Secateur.Cli;

/// <summary><c>--batch</c> of commands that measure several sizes: "1,8".</summary>
internal sealed class BatchSizes : Option<string>
{
    const int Largest = 1 << 16;

    /// <summary>The option.</summary>
    public BatchSizes()
        : base("--batch", "-b")
    {
        Description = "Pictures or texts in a run; several sizes with commas between. Default: 1.";
        HelpName = "N[,N...]";
        DefaultValueFactory = _ => "1";
        Validators.Add(result =>
        {
            if (result.Tokens is [var word] && Parse(word.Value) is null)
                result.AddError($"--batch must be sizes from 1 with commas between, each once (1,8), not {word.Value}.");
        });
    }

    /// <summary>The sizes, each once.</summary>
    public ImmutableArray<int> Of(ParseResult arguments) => Parse(arguments.GetRequiredValue(this))!.Value;

    static ImmutableArray<int>? Parse(string words)
    {
        var sizes = ImmutableArray.CreateBuilder<int>();
        foreach (string word in words.Split(','))
            if (int.TryParse(word, out int size) && size is > 0 and <= Largest && !sizes.Contains(size))
                sizes.Add(size);
            else
                return null;
        return sizes.ToImmutable();
    }
}
