using System.Diagnostics;
using Secateur.Evaluation.Accuracy;
using Secateur.Evaluation.Datasets;
using Secateur.Kernels;
using Secateur.Models.Bert;
using Secateur.Models.Checkpoints;
using Secateur.Models.Text;

namespace Secateur.Cli.Commands.Evaluating;

/// <summary>Runs a network that reads texts over a table, and another one for comparison.</summary>
internal sealed class EvalTexts : IDisposable
{
    readonly string named;
    readonly string? against;
    readonly Terminal terminal;
    readonly Threads? own;

    /// <summary>Loads the network.</summary>
    /// <param name="named">The network, as for <see cref="Network.Locate"/>.</param>
    /// <param name="against">Another to compare with; null for none.</param>
    /// <param name="threads">Threads to use; null for one a core.</param>
    /// <param name="terminal">Where progress is shown.</param>
    /// <exception cref="CheckpointException">It cannot be used.</exception>
    /// <exception cref="BadInputException">There is no such network, or it answers otherwise than a table can say.</exception>
    public EvalTexts(string named, string? against, int? threads, Terminal terminal)
    {
        (this.named, this.against, this.terminal) = (named, against, terminal);
        own = threads is { } count ? new(count) : null;
        Network = Load(named);
        if (Network.Config.Task is not (TextTask.Classification or TextTask.Regression))
            throw new BadInputException($"{named}: {Network.Architecture} answers with {(Network.Config.Task == TextTask.Embedding ? "a vector for each text" : "a class for each token")}, and a table has a label or a score for each text; give a network that classifies or scores texts.");
    }

    /// <summary>The network.</summary>
    public TextTransformer Network { get; }

    /// <summary>Runs it over a table.</summary>
    /// <param name="table">The texts.</param>
    /// <param name="batch">Texts that run together on a thread.</param>
    /// <param name="cancellation">Stops it; nothing is kept.</param>
    /// <returns>What was measured.</returns>
    public TextEvaluation Run(TextTable table, int batch, CancellationToken cancellation)
    {
        ITokenizer tokenizer = Cli.Network.TokenizerOf(named);
        TextTransformer? other = against is null ? null : Load(against);
        if (other is not null && other.Config.Task != Network.Config.Task)
            throw new BadInputException($"{against}: {other.Architecture} is for another task than {named}; only networks for the same task can be compared.");
        if (other is { Config.Labels: { IsEmpty: false } theirs } && !Network.Config.Labels.IsEmpty && !theirs.SequenceEqual(Network.Config.Labels))
            throw new BadInputException($"{against}: its classes are {string.Join(", ", theirs.Take(4))}, and those of {named} {string.Join(", ", Network.Config.Labels.Take(4))}; only networks with the same classes in the same order can be compared.");
        using var line = new ProgressLine(terminal, "texts", table.Rows.Length * (other is null ? 1 : 2));
        long start = Stopwatch.GetTimestamp();
        TextAnswers answers = new TextRun(Network, tokenizer, table, batch).Run(line, cancellation);
        double rate = table.Rows.Length / Stopwatch.GetElapsedTime(start).TotalSeconds;
        TextAnswers? others = other is null ? null : new TextRun(other, Cli.Network.TokenizerOf(against!), table, batch).Run(new Behind(line, table.Rows.Length), cancellation);
        line.Dispose();
        if (answers.Cut > 0)
            terminal.Say($"{answers.Cut} texts have more than {Network.Config.LongestText} tokens and were cut there");
        TextSummary summary = Network.Config.Task == TextTask.Classification ? TextSummary.OfClasses(answers, others) : TextSummary.OfScores(answers, others);
        return new(named, against, Network, answers, summary, rate);
    }

    /// <inheritdoc/>
    public void Dispose() => own?.Dispose();

    TextTransformer Load(string name)
    {
        return Cli.Network.ReadsTexts(name)
            ? (TextTransformer)Cli.Network.LoadAny(Cli.Network.Locate(name), own)
            : throw new BadInputException($"{name}: this network does not read texts, and {named} does; only networks for the same task can be compared.");
    }

    /// <summary>Progress of the second of two runs.</summary>
    sealed class Behind(ProgressLine line, int before) : IProgress<int>
    {
        public void Report(int value) => line.Report(before + value);
    }
}
