namespace Secateur.Kernels;

/// <summary>How work on single rows is cut into tasks: a row is far less work than handing out a task.</summary>
internal static class RowChunk
{
    const int Rows = 12;

    /// <summary>Tasks for this many rows.</summary>
    internal static int Count(int rows) => (rows + Rows - 1) / Rows;

    /// <summary>First row of a task.</summary>
    internal static int Start(int task) => task * Rows;

    /// <summary>The row after the last of a task.</summary>
    internal static int End(int task, int rows) => Math.Min(rows, (task + 1) * Rows);
}
