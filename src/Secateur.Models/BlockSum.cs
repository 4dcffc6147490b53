namespace Secateur.Models;

/// <summary>One of the two sums of a block with the tokens that go past it.</summary>
public enum BlockSum
{
    /// <summary>The tokens and what the attention adds; a post-norm block's first norm follows.</summary>
    Middle,

    /// <summary>The tokens and what the MLP adds; a post-norm block's last norm follows.</summary>
    Output,
}
