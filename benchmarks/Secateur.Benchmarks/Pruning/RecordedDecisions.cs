using Secateur.Models.Tokens;

namespace Secateur.Benchmarks.Pruning;

/// <summary>Keeps the decisions of a run of one picture, and makes a plan that repeats them without looking at anything: what is left of
/// a run when selection, and all that attention yields for it, is free.</summary>
internal sealed class RecordedDecisions : RunObserver
{
    readonly Dictionary<int, TokenMap> maps = [];

    public override void OnMap(int stage, int sequence, TokenMap map) => maps[stage] = map;

    /// <summary>The plan that repeats them.</summary>
    /// <param name="plan">The plan of the run.</param>
    /// <param name="withSignals">Whether attention must still yield what the methods look at.</param>
    public TokenPlan Replay(TokenPlan plan, bool withSignals) =>
        new(plan.Name + ", decided beforehand", [.. plan.Stages.Select((stage, i) => stage with { Reducer = new Repeat(stage.Reducer, maps[i], withSignals) })]);

    sealed class Repeat(ITokenReducer inner, TokenMap map, bool withSignals) : ITokenReducer
    {
        public TokenSignals Needs => withSignals ? inner.Needs : TokenSignals.None;

        public bool ProportionalAttention => inner.ProportionalAttention;

        public bool Remembers => inner.Remembers;

        public int CountToRemove(int patches, double keep) => inner.CountToRemove(patches, keep);

        public int MostToRemove(int patches) => inner.MostToRemove(patches);

        public TokenMap Reduce(in TokenView view, int remove) => map;
    }
}
