using Secateur.Models.Checkpoints;
using Secateur.Models.Vit;

namespace Secateur.Tests.Vit;

public sealed class PositionEmbeddingTests
{
    [Theory]
    [InlineData("augreg-vit", 1)]
    [InlineData("dinov2", 1)]
    [InlineData("dinov2-registers", 0)]
    public void Resampling_is_timm_s(string family, int prefix)
    {
        using var model = SafetensorsFile.Open(Fixtures.Path($"timm/{family}/model.safetensors"));
        using var expected = SafetensorsFile.Open(Fixtures.Path($"timm/{family}/expected.safetensors"));
        float[] actual = PositionEmbedding.Resample(model.Read("pos_embed"), 48, prefix, (7, 7), (10, 10));
        // Sixteen products in another order.
        Assert.InRange(TinyNetworks.Difference(expected.Read("pos_embed_80"), actual), 0, 1e-6);
    }

    public static TheoryData<int, int, bool, float[]> Reference => ReferenceNumbers.Bicubic;

    [Theory]
    [MemberData(nameof(Reference))]
    public void Both_variants_are_PyTorch_s_when_they_shrink_and_when_they_grow(int rows, int columns, bool antialias, float[] expected)
    {
        float[] source = [.. Enumerable.Range(0, 35).Select(i => MathF.Sin(i) * 10)];
        float[] actual = PositionEmbedding.Resample(source, 1, 0, (7, 5), (rows, columns), antialias);
        // The reference has float32 weights that differ in the last places.
        Assert.InRange(TinyNetworks.Difference(expected, actual), 0, 2e-6);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_constant_stays_constant_and_the_same_grid_stays_the_same(bool antialias)
    {
        float[] constant = [.. Enumerable.Repeat(3f, 6 * 4 * 2)];
        Assert.All(PositionEmbedding.Resample(constant, 2, 0, (6, 4), (3, 9), antialias), value => Assert.Equal(3, value, 1e-5f));
        float[] values = [.. Enumerable.Range(0, 50).Select(i => (float)(i * i % 17))];
        Assert.Equal(values, PositionEmbedding.Resample(values, 2, 1, (4, 6), (4, 6), antialias));
    }

    [Fact]
    public void Prefix_tokens_stay_and_sizes_are_checked()
    {
        float[] resampled = PositionEmbedding.Resample([7, 8, 1, 2, 3, 4], 2, 1, (2, 1), (5, 3));
        Assert.Equal([7, 8], resampled[..2]);
        Assert.Equal(2 * 16, resampled.Length);
        Assert.Throws<ArgumentException>(() => PositionEmbedding.Resample([7, 8, 1], 2, 1, (2, 1), (5, 3)));
        Assert.Throws<ArgumentException>(() => PositionEmbedding.Resample([7, 8], 2, 1, (0, 1), (5, 3)));
    }
}
