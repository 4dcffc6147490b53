using System.Collections.Immutable;
using Secateur.Evaluation.Accuracy;

namespace Secateur.Evaluation.Sweeps;

/// <summary>What was answered under a cell's plan.</summary>
/// <param name="Cell">The cell's name.</param>
/// <param name="Identity">The hash of all that the answers depend on: <see cref="ResultsManifest.IdentityOf"/>.</param>
/// <param name="Range">Which pictures.</param>
/// <param name="Answers">One a picture of the range, in order.</param>
/// <param name="Bad">Those that could not be read, in order.</param>
public sealed record CellResult(string Cell, string Identity, PictureRange Range, ImmutableArray<PictureAnswer> Answers, ImmutableArray<BadPicture> Bad);
