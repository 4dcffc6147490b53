namespace Secateur.Kernels;

/// <summary>Work that <see cref="Threads.For"/> splits: task numbers in any order, on any worker, each exactly once.</summary>
public interface IWork
{
    /// <summary>Does one task.</summary>
    /// <param name="task">Which, from 0.</param>
    /// <param name="worker">Who does it, in [0, <see cref="Threads.Count"/>): the index of a scratch area that no other task of this call uses meanwhile.</param>
    void Run(int task, int worker);
}
