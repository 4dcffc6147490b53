namespace Secateur.Evaluation.Planning;

/// <summary>How well a plan answers on some pictures. What was found on other pictures adds up.</summary>
/// <param name="Images">How many pictures.</param>
/// <param name="Same">On how many it says what the dense network says.</param>
/// <param name="Right">How many right answers; 0 without labels.</param>
/// <param name="DenseRight">How many right answers of the dense network; 0 without labels.</param>
/// <param name="TotalDivergence">Sum over the pictures of KL(dense || plan), nats.</param>
/// <param name="Labelled">Whether every picture has a label.</param>
public readonly record struct PlanQuality(int Images, int Same, int Right, int DenseRight, double TotalDivergence, bool Labelled)
{
    /// <summary>The part on which it agrees with the dense network.</summary>
    public Proportion Agreement => new(Same, Images);

    /// <summary>The part of right answers; null without labels.</summary>
    public Proportion? Accuracy => Labelled ? new(Right, Images) : null;

    /// <summary>The part of right answers of the dense network; null without labels.</summary>
    public Proportion? DenseAccuracy => Labelled ? new(DenseRight, Images) : null;

    /// <summary>Mean KL(dense || plan), nats: how far the plan's probabilities are from the dense network's. On few pictures it tells plans
    /// apart that agree on all of them.</summary>
    public double Divergence => TotalDivergence / Images;

    /// <summary>What is lost against the dense network: right answers where there are labels, or else equal answers; a part, below 0 where the plan answers better.</summary>
    public double Drop => (double)(Labelled ? DenseRight - Right : Images - Same) / Images;

    /// <summary>On the pictures of both.</summary>
    public static PlanQuality operator +(PlanQuality one, PlanQuality other) => one.Images == 0 ? other : new(
        one.Images + other.Images, one.Same + other.Same, one.Right + other.Right, one.DenseRight + other.DenseRight,
        one.TotalDivergence + other.TotalDivergence, one.Labelled);

    /// <summary>On the pictures of both.</summary>
    public PlanQuality Add(PlanQuality other) => this + other;
}
