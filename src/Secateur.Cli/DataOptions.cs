using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Secateur.Cli.Commands;
using Secateur.Evaluation.Datasets;
using Secateur.Evaluation.Sweeps;
using Secateur.Models.Bert;
using Secateur.Models.Vit;

namespace Secateur.Cli;

/// <summary>The pictures that a command line names, their labels, and how they become a network's input.</summary>
internal sealed class DataOptions
{
    /// <summary>What names drawn scenes.</summary>
    internal const string Scenes = "scenes";
    const int DefaultScenes = 256, MostScenes = 1_000_000;

    /// <summary>From the first scene that networks are judged on to the first that something is learnt from: more than can be asked for.</summary>
    const ulong FarAway = MostScenes;
    const int MostNamed = 20;
    const string DefaultMostBad = "1%";

    readonly Option<string> data = new("--data", "-d")
    {
        Description = "Pictures: a folder, a .tar, a list of files (.csv), CIFAR-10's .bin, or drawn scenes. For networks that read texts, a table (.tsv).",
        HelpName = "PATH|scenes[:COUNT]",
        Required = true,
    };

    readonly Option<string?> labels = new("--labels") { Description = "A list \"file,class\" of their classes, or none. Default: labels.csv, or class folders.", HelpName = "FILE|none" };
    readonly Option<string?> classes = new("--classes") { Description = "Names of the network's classes in its order, one a line, for class folders and lists that name others.", HelpName = "FILE" };
    readonly Option<string> mostBad = MostBadOption("The most pictures or rows that may be unreadable.");
    readonly PreprocessingOptions preprocessing = new();

    /// <summary>How many of <see cref="All"/>, the first ones, mean something for texts too.</summary>
    public const int Shared = 4;

    /// <summary>All of them, those of preprocessing too.</summary>
    public IEnumerable<Option> All => [data, labels, classes, mostBad, .. preprocessing.All];

    /// <summary>The pictures as they were named.</summary>
    public string Named(ParseResult arguments) => arguments.GetRequiredValue(data);

    /// <summary>What was said of them besides, as words of a command line, but for how many may be unreadable.</summary>
    public ImmutableArray<string> Words(ParseResult arguments) =>
        [.. ((IEnumerable<Option>)[labels, classes, .. preprocessing.All])
            .Where(option => arguments.GetResult(option) is { Implicit: false })
            .SelectMany(option => (string[])[option.Name, .. arguments.GetResult(option)!.Tokens.Select(token => token.Value)])];

    /// <summary>The most pictures that may be unreadable.</summary>
    /// <param name="arguments">What was typed.</param>
    /// <param name="pictures">How many there are.</param>
    public int MostBad(ParseResult arguments, int pictures) => PartOf(arguments.GetValue(mostBad) ?? DefaultMostBad, pictures)!.Value;

    /// <summary><c>--max-bad</c>.</summary>
    /// <param name="description">What it counts.</param>
    internal static Option<string> MostBadOption(string description)
    {
        Option<string> option = new("--max-bad") { Description = $"{description} Default: {DefaultMostBad}.", HelpName = "N|P%", DefaultValueFactory = _ => DefaultMostBad };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var word] && PartOf(word.Value, 1) is null)
                result.AddError($"--max-bad must be a number of pictures or rows or a percentage from 0% to 100%, not {word.Value}.");
        });
        return option;
    }

    /// <summary>Opens a table of texts.</summary>
    /// <param name="arguments">What was typed.</param>
    /// <param name="network">Who will read them; its task says what labels are.</param>
    /// <param name="columns">Which columns were named.</param>
    /// <param name="terminal">Told what could have been meant otherwise, and which rows cannot be used.</param>
    /// <returns>The table; its labels are classes of the network, or scores.</returns>
    /// <exception cref="BadInputException">It is not there.</exception>
    /// <exception cref="InvalidDataException">It cannot be read, or its labels are none that the network knows.</exception>
    /// <exception cref="TooManyBadPicturesException">More of its rows than allowed cannot be used.</exception>
    public TextTable OpenTexts(ParseResult arguments, TextTransformer network, TextTableOptions columns, Terminal terminal) =>
        OpenTexts(Named(arguments), arguments.GetValue(labels), arguments.GetValue(classes), arguments.GetValue(mostBad) ?? DefaultMostBad, network, columns, terminal);

    /// <summary>Opens a table of texts.</summary>
    /// <param name="path">The table.</param>
    /// <param name="labels">"none", or null to find them.</param>
    /// <param name="names">A file with the names of the network's classes; null for its own.</param>
    /// <param name="mostBad">The most rows that may be unusable: a number or a percentage.</param>
    /// <param name="network">Who will read them; its task says what labels are.</param>
    /// <param name="columns">Which columns were named.</param>
    /// <param name="terminal">Told what could have been meant otherwise, and which rows cannot be used.</param>
    /// <returns>The table; its labels are classes of the network, or scores.</returns>
    /// <exception cref="UsageException">Labels are named that texts do not have.</exception>
    /// <exception cref="BadInputException">It is not there.</exception>
    /// <exception cref="InvalidDataException">It cannot be read, or its labels are none that the network knows.</exception>
    /// <exception cref="TooManyBadPicturesException">More of its rows than allowed cannot be used.</exception>
    public static TextTable OpenTexts(string path, string? labels, string? names, string mostBad, TextTransformer network, TextTableOptions columns, Terminal terminal)
    {
        if (!File.Exists(path))
            throw new BadInputException($"{path}: there is no such file; {network.Architecture} reads texts: give a table of them (.tsv).");
        if (labels is { } list && list != PictureSources.NoLabels)
            throw new UsageException($"--labels {list}: the labels of texts stand beside them; name their column with --label-column, or give --labels {PictureSources.NoLabels}.");
        int known = network.Config.Task == TextTask.Classification ? network.Classes : 0;
        TextTable table = TextTable.Open(path, columns with
        {
            LabelColumn = labels ?? columns.LabelColumn,
            Classes = known,
            ClassNames = names is not null && known > 0 ? ClassNamesFile.Load(names, known) : network.Config.Labels.Length == known ? network.Config.Labels : [],
            NamesAreGiven = names is not null,
            Notice = terminal.Say,
        });
        foreach (BadRow row in table.Bad.Take(MostNamed))
            terminal.Say($"left out: {row.Why}");
        if (table.Bad.Length > MostNamed)
            terminal.Say($"left out: {table.Bad.Length - MostNamed} more");
        int most = PartOf(mostBad, table.Rows.Length + table.Bad.Length)!.Value;
        return table.Bad.Length <= most ? table : throw new TooManyBadPicturesException($"{table.Bad.Length} rows cannot be used, more than the {most} allowed (--max-bad); the first: {table.Bad[0].Why}.");
    }

    /// <summary>Opens the pictures.</summary>
    /// <param name="arguments">What was typed.</param>
    /// <param name="network">Who will look at them.</param>
    /// <param name="terminal">Told what could have been meant otherwise.</param>
    /// <returns>The pictures as the network takes them; the labels are classes of the network.</returns>
    /// <exception cref="BadInputException">They are not there, or do not fit the network.</exception>
    /// <exception cref="InvalidDataException">They cannot be read, or their labels cannot be classes of the network.</exception>
    public PictureSet Open(ParseResult arguments, VisionTransformer network, Terminal terminal) =>
        Open(Named(arguments), arguments.GetValue(labels), arguments.GetValue(classes), network, preprocessing.Apply(arguments, network.Config.Preprocessing), terminal);

    /// <summary>Opens pictures.</summary>
    /// <param name="data">A path, "scenes" or "scenes:COUNT".</param>
    /// <param name="labels">A list of labels, "none", or null to find them.</param>
    /// <param name="classes">A file with the names of the network's classes; null for its own.</param>
    /// <param name="network">Who will look at them.</param>
    /// <param name="rules">How a picture becomes the network's input; the size is the network's.</param>
    /// <param name="terminal">Told what could have been meant otherwise; null to be told nothing.</param>
    /// <param name="learns">Whether something is learnt from them: drawn scenes are then others than those that networks are judged on.</param>
    /// <returns>The pictures as the network takes them.</returns>
    /// <exception cref="BadInputException">They are not there, or do not fit the network.</exception>
    /// <exception cref="InvalidDataException">They cannot be read, or their labels cannot be classes of the network.</exception>
    public static PictureSet Open(string data, string? labels, string? classes, VisionTransformer network, ImagePreprocessing rules, Terminal? terminal, bool learns = false)
    {
        rules = rules with { Size = network.ImageSize };
        Action<string>? notice = terminal is null ? null : terminal.Say;
        if (network.OuterMacs.Head == 0)
            labels = PictureSources.NoLabels;
        if (SceneCount(data) is { } count)
            return new(DrawnScenes(learns ? SceneGenerator.FirstHeldOutSeed + FarAway : SceneGenerator.FirstHeldOutSeed, count, labels, network, rules, notice), rules) { ClassNames = network.Config.Labels };
        foreach (string? path in (string?[])[data, labels is PictureSources.NoLabels ? null : labels, classes])
            if (path is not null && !Path.Exists(path))
                throw new BadInputException($"{path}: there is no such file or folder{(path == data ? $"; give a folder of pictures, a .tar of them, or {Scenes}:COUNT for drawn scenes" : "")}.");
        ImmutableArray<string> names = classes is null ? network.Config.Labels : ClassNamesFile.Load(classes, network.Classes);
        var matcher = new ClassMatcher(network.Classes, names, given: classes is not null);
        IPictureSource source = PictureSources.Open(data, matcher, labels, notice);
        return new(source, rules) { ClassNames = matcher.Names };
    }

    static IPictureSource DrawnScenes(ulong first, int count, string? labels, VisionTransformer network, ImagePreprocessing rules, Action<string>? notice)
    {
        if (rules.Size.Height != rules.Size.Width)
            throw new BadInputException($"drawn scenes are square, and {network.Config.Architecture} looks at {rules.Size.Height} x {rules.Size.Width}; give a folder of pictures.");
        var scenes = new SceneSet(first, count, rules);
        if (labels is PictureSources.NoLabels)
            return new WithoutLabels(scenes);
        if (labels is not null)
            throw new UsageException("drawn scenes bring their labels; leave --labels out, or give --labels none.");
        if (network.Config.Labels.SequenceEqual(SceneGenerator.Classes))
            return scenes;
        notice?.Invoke($"drawn scenes are not of the classes that {network.Config.Architecture} knows, so that they go without labels, by agreement with the dense network.");
        return new WithoutLabels(scenes);
    }

    static int? SceneCount(string named) => named switch
    {
        Scenes => DefaultScenes,
        _ when !named.StartsWith(Scenes + ":", StringComparison.Ordinal) => null,
        _ when int.TryParse(named.AsSpan(Scenes.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count is >= 1 and <= MostScenes => count,
        _ => throw new UsageException($"{named}: how many scenes there are to be is a number from 1 to {MostScenes}, as in {Scenes}:{DefaultScenes}."),
    };

    static int? PartOf(string text, int whole) =>
        text.EndsWith('%')
            ? double.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double percent) && percent <= 100 ? (int)(percent / 100 * whole) : null
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) ? count : null;
}
