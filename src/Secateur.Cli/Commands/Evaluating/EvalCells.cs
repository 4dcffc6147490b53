using System.Text;
using Secateur.Evaluation.Sweeps;
using Secateur.Models.Tokens;

namespace Secateur.Cli.Commands.Evaluating;

/// <summary>Cells named after plans.</summary>
internal static class EvalCells
{
    const int Longest = 90;

    /// <summary>The dense network, then each plan once; a plan that computes every token everywhere is the dense network.</summary>
    public static IReadOnlyList<SweepCell> Of(IEnumerable<TokenPlan> plans)
    {
        List<SweepCell> cells = [SweepCell.Dense];
        foreach (TokenPlan plan in plans.Where(plan => !plan.Stages.IsEmpty))
        {
            string name = FileName(plan.Name), free = name;
            for (int i = 2; cells.Any(cell => cell.Name == free); i++)
                free = $"{name}-{i}";
            cells.Add(new(free, plan));
        }

        return cells;
    }

    /// <summary>Lower-case letters, digits, dots and dashes.</summary>
    static string FileName(string name)
    {
        var safe = new StringBuilder();
        foreach (char c in name.ToLowerInvariant())
            if (char.IsAsciiLetterOrDigit(c) || c == '.')
                safe.Append(c);
            else if (safe.Length > 0 && safe[^1] != '-')
                safe.Append('-');
        string trimmed = safe.ToString().Trim('-', '.');
        return trimmed.Length == 0 ? "plan" : trimmed.Length <= Longest ? trimmed : trimmed[..Longest];
    }
}
