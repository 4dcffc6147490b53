namespace Secateur.Models.Text;

/// <summary>A token that is looked for in a text before the text is cut: [MASK], &lt;/s&gt;.</summary>
/// <param name="Content">As it is written.</param>
/// <param name="Id">Its id.</param>
/// <param name="StripLeft">Whether it swallows white space before it.</param>
/// <param name="StripRight">Whether it swallows white space behind it.</param>
/// <param name="SingleWord">Whether it counts only where no letter, digit or underscore touches it.</param>
/// <param name="Normalized">Whether it is looked for in the normalised text.</param>
internal sealed record AddedToken(string Content, int Id, bool StripLeft = false, bool StripRight = false, bool SingleWord = false, bool Normalized = false);
