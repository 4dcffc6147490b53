using Secateur.Models.Checkpoints;

namespace Secateur.Tests.Checkpoints;

public sealed class SafetensorsWriterTests
{
    [Fact]
    public void What_is_written_is_read_again()
    {
        using var folder = new TemporaryFolder();
        SafetensorsWriter.Write(
            folder["new/folder/a.safetensors"],
            [OutputTensor.Of("b/ü\"", [3], new byte[] { 1, 2, 3 }), OutputTensor.Of("f", [2, 2], new[] { 1f, 2, 3, 4 }), OutputTensor.Of("i", [], new[] { long.MinValue })],
            new Dictionary<string, string> { ["made by"] = "a test" });
        using var file = SafetensorsFile.Open(folder["new/folder/a.safetensors"]);
        Assert.Equal("a test", file.Metadata["made by"]);
        Assert.Equal([2, 2], file.Tensors["f"].Shape.ToArray());
        var floats = new float[4];
        file.Read("f", floats);
        Assert.Equal([1, 2, 3, 4], floats);
        var integers = new long[1];
        file.ReadInt64("i", integers);
        Assert.Equal(long.MinValue, integers[0]);
        integers = new long[3];
        file.ReadInt64("b/ü\"", integers);
        Assert.Equal([1, 2, 3], integers);
    }

    [Fact]
    public void Numbers_begin_at_multiples_of_their_size()
    {
        using var folder = new TemporaryFolder();
        SafetensorsWriter.Write(folder["a"], [OutputTensor.Of("bytes", [3], new byte[3]), OutputTensor.Of("floats", [1], new float[1]), OutputTensor.Of("integers", [1], new long[1])]);
        byte[] bytes = File.ReadAllBytes(folder["a"]);
        Assert.Equal(0, BitConverter.ToInt64(bytes) % 8);
        using var file = SafetensorsFile.Open(folder["a"]);
        Assert.Equal(["integers", "floats", "bytes"], file.Tensors.Keys);
    }

    [Theory]
    [InlineData(1f, 0x3F80)]
    [InlineData(1.00390625f, 0x3F80)] // half way between two: the even one
    [InlineData(1.01171875f, 0x3F82)] // half way between two: the even one
    [InlineData(1.0039064f, 0x3F81)]
    [InlineData(float.MaxValue, 0x7F80)]
    [InlineData(float.NegativeInfinity, 0xFF80)]
    public void Bfloat16_is_the_nearest_with_ties_to_even(float value, int expected)
    {
        Assert.Equal(expected, Upper(value));
    }

    [Fact]
    public void Not_a_number_stays_none_in_bfloat16()
    {
        foreach (int bits in new[] { 0x7F800001, 0x7FFFFFFF, unchecked((int)0xFFC00000) })
            Assert.True(float.IsNaN(BitConverter.Int32BitsToSingle(Upper(BitConverter.Int32BitsToSingle(bits)) << 16)));
    }

    [Fact]
    public void A_writing_that_fails_leaves_the_old_file_and_nothing_else()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["a"], "old");
        Assert.Throws<InvalidOperationException>(() => SafetensorsWriter.Write(folder["a"], [OutputTensor.Floats("x", [4], _ => throw new InvalidOperationException())]));
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.Throws<OperationCanceledException>(() => SafetensorsWriter.Write(folder["a"], [OutputTensor.Of("x", [1], new float[1])], null, stop.Token));
        Assert.Equal("old", File.ReadAllText(folder["a"]));
        Assert.Equal([folder["a"]], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Names_are_unique_and_lengths_are_those_of_the_shapes()
    {
        using var folder = new TemporaryFolder();
        var one = OutputTensor.Of("x", [1], new float[1]);
        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(folder["a"], [one, one]));
        Assert.Throws<ArgumentException>(() => OutputTensor.Of("x", [2], new float[3]));
        Assert.Throws<ArgumentException>(() => OutputTensor.Floats("x", [2], _ => { }, TensorType.I64));
    }

    static int Upper(float value)
    {
        using var folder = new TemporaryFolder();
        SafetensorsWriter.Write(folder["a"], [OutputTensor.Floats("x", [1], to => to[0] = value, TensorType.BF16)]);
        return BitConverter.ToUInt16(File.ReadAllBytes(folder["a"]), (int)new FileInfo(folder["a"]).Length - 2);
    }
}
