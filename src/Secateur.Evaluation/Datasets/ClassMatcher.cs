using System.Collections.Immutable;
using System.Globalization;

namespace Secateur.Evaluation.Datasets;

/// <summary>Finds the network's class that a word means: the name of a class folder, or what a list says of a picture. All words are taken in
/// the same way, the first of these that fits every one of them: the names of the network's classes, ImageNet synsets, whole numbers, and for
/// the class folders of a network that does not name its classes their alphabetical order.</summary>
public sealed class ClassMatcher
{
    const int Unclear = -2;

    readonly Dictionary<string, int> known = new(StringComparer.OrdinalIgnoreCase);
    readonly ImmutableArray<string> names;
    readonly bool given;
    bool bySynsets;

    /// <summary>A matcher for a network.</summary>
    /// <param name="classes">How many classes the network has.</param>
    /// <param name="names">Their names by index, with synonyms after commas: "tench, Tinca tinca"; empty where they are not known.</param>
    /// <param name="given">Whether somebody gave these names for these pictures, so that words mean nothing else.</param>
    /// <exception cref="ArgumentException">There are names, but not one for each class.</exception>
    public ClassMatcher(int classes, ImmutableArray<string> names, bool given = false)
    {
        if (!names.IsEmpty && names.Length != classes)
            throw new ArgumentException($"There are {names.Length} names for {classes} classes.", nameof(names));
        (Classes, this.names, this.given) = (classes, names, given);
        for (int i = 0; i < names.Length; i++)
        {
            foreach (string word in Words(names[i]))
                known[word] = known.TryGetValue(word, out int other) && other != i ? Unclear : i;
        }
    }

    /// <summary>How many classes the network has.</summary>
    public int Classes { get; }

    /// <summary>What to call the classes, by index: their names, or the synsets where those were what fitted; empty where nothing is known.</summary>
    public ImmutableArray<string> Names => names.IsEmpty && bySynsets ? [.. Enumerable.Range(0, Classes).Select(ImageNetSynsets.IdOf)] : names;

    /// <summary>Finds the classes of the words of a list.</summary>
    /// <param name="words">What the list says, with the line where it says so first.</param>
    /// <param name="where">The list, for errors.</param>
    /// <returns>A class for each word.</returns>
    /// <exception cref="InvalidDataException">Some word is no class of the network.</exception>
    public IReadOnlyDictionary<string, int> OfList(IReadOnlyDictionary<string, int> words, string where)
    {
        ArgumentNullException.ThrowIfNull(words);
        SortedSet<string> all = new(words.Keys, StringComparer.Ordinal);
        return ByMeaning(all, Line, indices: true) ?? throw Unknown(all, Line, "the label");

        string Line(string word) => $"{where}, line {words[word]}";
    }

    /// <summary>Finds the classes of class folders.</summary>
    /// <param name="folders">Their names.</param>
    /// <param name="where">Where they lie, for errors.</param>
    /// <param name="notice">Told where another reader would have understood them otherwise.</param>
    /// <returns>A class for each; null where there is one folder alone and it is no class: it says nothing of the pictures.</returns>
    /// <exception cref="InvalidDataException">Some folder is no class of the network.</exception>
    public IReadOnlyDictionary<string, int>? OfFolders(IEnumerable<string> folders, string where, Action<string>? notice = null)
    {
        SortedSet<string> all = new(folders, StringComparer.Ordinal);
        if (ByMeaning(all, _ => where, indices: !given) is { } found)
        {
            string? other = all.Where((word, position) => IsNumber(word) && found[word] != position).FirstOrDefault();
            if (!given && other is not null)
                notice?.Invoke($"{where}: the class folders are numbers and are taken as indices of classes: folder {other} is class {found[other]}. torchvision's ImageFolder sorts them as text and gives folder {other} the class {all.TakeWhile(word => word != other).Count()}; for a network that was trained so, give the folders' names in that order with --classes FILE.");
            return found;
        }

        if (given || all.Count != Classes || !names.All(SaysNothing) || all.Any(IsNumber) || all.Any(word => ImageNetSynsets.IsSynset(word)))
            return all.Count == 1 && !given ? null : throw Unknown(all, _ => where, "the folder");
        notice?.Invoke($"{where}: the network does not name its {Classes} classes; the class folders are taken in alphabetical order, {all.Min} as class 0 and {all.Max} as class {Classes - 1}, as torchvision's ImageFolder does. If that is not the order it was trained with, give the classes' names with --classes FILE.");
        return all.Select((word, index) => (word, index)).ToDictionary(one => one.word, one => one.index);
    }

    Dictionary<string, int>? ByMeaning(SortedSet<string> all, Func<string, string> where, bool indices)
    {
        if (all.FirstOrDefault(word => Find(word) == Unclear) is { } twice)
            throw new InvalidDataException($"{where(twice)}: more than one class of the network is called '{twice}': {string.Join(" and ", Enumerable.Range(0, Classes).Where(i => Words(names[i]).Contains(Plain(twice), StringComparer.OrdinalIgnoreCase)))}. Use their indices.");
        if (all.All(word => Find(word) >= 0))
            return all.ToDictionary(word => word, Find);
        bySynsets = !given && Classes == ImageNetSynsets.Count && all.All(word => ImageNetSynsets.IndexOf(word) >= 0);
        if (bySynsets)
            return all.ToDictionary(word => word, word => ImageNetSynsets.IndexOf(word));
        return indices && all.All(IsNumber) ? all.ToDictionary(word => word, word => Index(word, all, where(word))) : null;
    }

    int Index(string word, SortedSet<string> all, string where)
    {
        if (int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int index) && index < Classes)
            return index;
        bool fromOne = index == Classes && !all.Any(other => other.All(digit => digit == '0'));
        throw new InvalidDataException($"{where} names class {word}, and the network has {Classes} classes, 0 to {Classes - 1}. {(fromOne ? Classes == ImageNetSynsets.Count ? IlsvrcIds : "The numbers seem to count from 1: take 1 off each, or give the classes' names" : $"Use the labels of its classes, or {Instead}")}.");
    }

    InvalidDataException Unknown(SortedSet<string> all, Func<string, string> where, string what)
    {
        string word = all.FirstOrDefault(one => Find(one) < 0 && ImageNetSynsets.IndexOf(one) < 0) ?? all.First(one => Find(one) < 0);
        int none = all.Count(one => Find(one) < 0);
        string hint = word is "train" or "val" or "test" or "training" or "validation" ? $" These may be parts of a data set: give one of them as the pictures, {word} for instance."
            : ImageNetSynsets.IsSynset(word) && Classes != ImageNetSynsets.Count ? $" Synsets are known for networks of the {ImageNetSynsets.Count} classes of ImageNet, and this one has {Classes}."
            : "";
        string called = names.All(SaysNothing) ? $"are not named ({Classes} of them)" : $"are called {string.Join("; ", names.Take(3))}{(names.Length > 3 ? $" and so on ({Classes} of them)" : "")}";
        return new($"{where(word)}: {what} '{word}' is no class of the network{(all.Count > 1 ? $" ({none} of {all.Count} names are none)" : "")}; its classes {called}.{hint} Name the classes by index or name{(given ? "" : ", give their names in the network's order with --classes FILE")}, or {Instead}.");
    }

    internal const string IlsvrcIds = "They seem to be the ILSVRC2012 ids of the challenge's development kit (ILSVRC2012_validation_ground_truth.txt), which count from 1 in another order than networks do. Use LOC_val_solution.csv or another list that names synsets (n01440764), with --labels FILE";

    const string Instead = "go without labels, by agreement with the dense network: --labels none";

    int Find(string word) => known.TryGetValue(Plain(word), out int index) ? index : -1;

    /// <summary>A name and its first synonym.</summary>
    static IEnumerable<string> Words(string name) => ((string[])[Plain(name), Plain(name.Split(',')[0])]).Distinct(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a name only counts, as those that Hugging Face writes where none were given: "LABEL_3".</summary>
    static bool SaysNothing(string name) => IsNumber(name) || (name.StartsWith("LABEL_", StringComparison.Ordinal) && IsNumber(name["LABEL_".Length..]));

    static bool IsNumber(string word) => word.Length > 0 && word.All(char.IsAsciiDigit);

    static string Plain(string name) => name.Trim().Replace('_', ' ');
}
