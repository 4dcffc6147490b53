using System.CommandLine;

namespace Secateur.Cli;

/// <summary>Options that several commands share, so that they are named and explained once.</summary>
internal static class CommonOptions
{
    /// <summary><c>--model</c>.</summary>
    public static Option<string> Model() => new("--model", "-m")
    {
        Description = "The network: a checkpoint folder, a .safetensors or .onnx file, a hub name that was pulled (timm/deit_tiny_patch16_224.fb_in1k), or the bundled scenes-vit.",
        HelpName = "DIR|FILE|NAME",
        Required = true,
    };

    /// <summary><c>--plan</c>.</summary>
    /// <param name="usual">The plan without it.</param>
    public static Option<string?> Plan(string usual = "dense") => new("--plan", "-p")
    {
        Description = $"Which tokens to compute: the name of a plan (secateur plans lists them) or a plan file (.json). Default: {usual}.",
        HelpName = "NAME|FILE",
    };

    /// <summary><c>--threads</c>.</summary>
    public static Option<int?> Threads()
    {
        Option<int?> option = new("--threads", "-t") { Description = "Threads to use. Default: one a core.", HelpName = "N" };
        AtLeast(option, 1);
        return option;
    }

    /// <summary>Refuses options that mean nothing for a network of this kind.</summary>
    /// <param name="arguments">What was typed.</param>
    /// <param name="named">The network, as it was named.</param>
    /// <param name="what">What it does: "reads texts".</param>
    /// <param name="others">The options that mean nothing then.</param>
    /// <exception cref="UsageException">One of them was typed.</exception>
    public static void Refuse(ParseResult arguments, string named, string what, IEnumerable<Option> others)
    {
        if (others.FirstOrDefault(option => arguments.GetResult(option) is { Implicit: false }) is { } wrong)
            throw new UsageException($"{named} {what}, and {wrong.Name} means nothing for it; leave it out.");
    }

    /// <summary>Refuses smaller numbers.</summary>
    /// <param name="option">An option for a whole number.</param>
    /// <param name="least">The smallest that is right.</param>
    public static void AtLeast(Option<int?> option, int least) => option.Validators.Add(result =>
    {
        if (result.Tokens is [var word] && int.TryParse(word.Value, out int value) && value < least)
            result.AddError($"{option.Name} must be at least {least}, not {value}.");
    });

    /// <summary>Refuses numbers that are not above 0.</summary>
    /// <param name="option">An option for a length of time.</param>
    public static void AboveZero(Option<double?> option) => option.Validators.Add(result =>
    {
        if (result.Tokens is [var word] && double.TryParse(word.Value, out double value) && value is not (> 0 and < 1e9))
            result.AddError($"{option.Name} must be above 0, not {word.Value}.");
    });
}
