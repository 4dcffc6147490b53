namespace Secateur.Models.Tokens;

/// <summary>Watches a run. What it is shown is good only during the call.</summary>
public abstract class RunObserver
{
    /// <summary>The tokens that enter the first block.</summary>
    public virtual void OnEmbedding(TokenRows tokens)
    {
    }

    /// <summary>The tokens that enter a block's attention.</summary>
    public virtual void OnAttention(int block, TokenRows tokens)
    {
    }

    /// <summary>The tokens that enter a block's MLP.</summary>
    public virtual void OnMlp(int block, TokenRows tokens)
    {
    }

    /// <summary>The tokens with what a block's MLP adds to them: in a post-norm block, before its last norm. Shown by
    /// <see cref="Transformer.RunBlocks"/>.</summary>
    public virtual void OnOutputSum(int block, TokenRows tokens)
    {
    }

    /// <summary>The tokens that leave a block, reductions after it included.</summary>
    public virtual void OnBlock(int block, TokenRows tokens)
    {
    }

    /// <summary>The tokens about which a stage is about to decide; carrying its decisions out follows, before whatever is shown next.</summary>
    /// <param name="stage">Index of the stage in the plan.</param>
    /// <param name="tokens">The tokens.</param>
    public virtual void OnSelection(int stage, TokenRows tokens)
    {
    }

    /// <summary>A decision about one sequence.</summary>
    /// <param name="stage">Index of the stage in the plan.</param>
    /// <param name="sequence">Index in the batch.</param>
    /// <param name="map">The decision.</param>
    public virtual void OnMap(int stage, int sequence, TokenMap map)
    {
    }

    /// <summary>All tokens after the final norm; computed only for an observer that asks with <see cref="WantsFeatures"/>.</summary>
    public virtual void OnFeatures(TokenRows tokens)
    {
    }

    /// <summary>Whether <see cref="OnFeatures"/> is wanted.</summary>
    public virtual bool WantsFeatures => false;
}
