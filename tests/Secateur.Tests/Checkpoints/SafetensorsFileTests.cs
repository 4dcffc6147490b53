using System.Buffers.Binary;
using Secateur.Models.Checkpoints;
using static Secateur.Tests.Checkpoints.HeaderText;

namespace Secateur.Tests.Checkpoints;

public sealed class SafetensorsFileTests
{
    [Fact]
    public void A_file_of_the_reference_writer_is_read()
    {
        using var file = SafetensorsFile.Open(Fixtures.Path("timm/augreg-vit/model.safetensors"));
        Assert.Equal("pt", file.Metadata["format"]);
        Assert.Equal([144, 48], file.Tensors["blocks.0.attn.qkv.weight"].Shape.ToArray());
        var weight = new float[48 * 3 * 8 * 8];
        file.Read("patch_embed.proj.weight", weight);
        Assert.All(weight, value => Assert.InRange(value, -10, 10));
        Assert.NotEqual(0, weight.Sum());
    }

    [Fact]
    public void Every_floating_type_is_widened_exactly()
    {
        using var folder = new TemporaryFolder();
        float[] values = [0, 1, -2, 0.5f, float.PositiveInfinity, -0f, 1.5f];
        TensorType[] types = [TensorType.F16, TensorType.BF16, TensorType.F32, TensorType.F64];
        SafetensorsWriter.Write(folder["a"], types.Select(type => OutputTensor.Floats(type.ToString(), [7], to => values.CopyTo(to), type)));
        using var file = SafetensorsFile.Open(folder["a"]);
        foreach (TensorType type in types)
        {
            Assert.Equal(type, file.Tensors[type.ToString()].Type);
            var read = new float[7];
            file.Read(type.ToString(), read);
            Assert.Equal(values.Select(BitConverter.SingleToInt32Bits), read.Select(BitConverter.SingleToInt32Bits));
        }
    }

    [Fact]
    public void A_tensor_longer_than_a_chunk_arrives_whole_in_every_type()
    {
        using var folder = new TemporaryFolder();
        float[] values = [.. Enumerable.Range(0, 100_003).Select(i => (float)(i % 2048))];
        TensorType[] types = [TensorType.F16, TensorType.F32, TensorType.F64];
        SafetensorsWriter.Write(
            folder["a"], [.. types.Select(type => OutputTensor.Floats(type.ToString(), [values.Length], to => values.CopyTo(to), type)), OutputTensor.Of("I64", [values.Length], values.Select(v => (long)v).ToArray())]);
        using var file = SafetensorsFile.Open(folder["a"]);
        foreach (TensorType type in types)
        {
            var read = new float[values.Length];
            file.Read(type.ToString(), read);
            Assert.Equal(values, read);
        }

        var integers = new long[values.Length];
        file.ReadInt64("I64", integers);
        Assert.Equal(values, integers.Select(value => (float)value));
    }

    [Theory]
    [InlineData("BOOL", 1, 0x80)]
    [InlineData("U8", 1, 0x80)]
    [InlineData("I8", 1, -0x80)]
    [InlineData("U16", 2, 0x8180)]
    [InlineData("I16", 2, -0x7E80)]
    [InlineData("U32", 4, 0x83828180)]
    [InlineData("I32", 4, -0x7C7D7E80)]
    [InlineData("I64", 8, 0x0706050403020100)]
    [InlineData("U64", 8, 0x0706050403020100)]
    public void Every_integer_type_is_read(string type, int size, long expected)
    {
        using var folder = new TemporaryFolder();
        byte[] bytes = File("{" + Entry("a", type, "[1]", 0, size) + "}", size);
        if (size < 8)
            for (int i = 0; i < size; i++)
                bytes[bytes.Length - size + i] = (byte)(0x80 + i);
        System.IO.File.WriteAllBytes(folder["a"], bytes);
        using var file = SafetensorsFile.Open(folder["a"]);
        var read = new long[1];
        file.ReadInt64("a", read);
        Assert.Equal(expected, read[0]);
    }

    [Fact]
    public void A_wrong_reading_names_file_weight_and_what_was_found()
    {
        using var folder = new TemporaryFolder();
        SafetensorsWriter.Write(folder["a"], [OutputTensor.Of("whole", [2, 3], new long[6]), OutputTensor.Of("half", [2], new float[2])]);
        using var file = SafetensorsFile.Open(folder["a"]);
        Says(() => file.Read("nothing", new float[1]), folder["a"], "'nothing'");
        Says(() => file.Read("half", new float[3]), folder["a"], "'half'", "[2]", "3");
        Says(() => file.Read("whole", new float[6]), folder["a"], "'whole'", "I64", "F32");
        Says(() => file.ReadInt64("half", new long[2]), folder["a"], "'half'", "F32", "integer");
        Says(() => SafetensorsFile.Open(folder["b"]), folder["b"], "cannot be opened");
    }

    public static TheoryData<string, string, int, string> Lies => new()
    {
        { "no object", "[]", 0, "StartObject" },
        { "no JSON", "{\"a\":", 0, "JSON" },
        { "text after the header", "{} {}", 0, "JSON" },
        { "deep nesting", "{\"a\":{\"dtype\":" + new string('[', 10_000), 0, "" },
        { "two of a name", "{" + Entry("a", "U8", "[1]", 0, 1) + "," + Entry("a", "U8", "[1]", 1, 2) + "}", 2, "two weights 'a'" },
        { "two of a name in the metadata", "{\"__metadata__\":{\"a\":\"\",\"a\":\"\"}}", 0, "'a' twice" },
        { "a number in the metadata", "{\"__metadata__\":{\"a\":1}}", 0, "String" },
        { "an unknown type", "{" + Entry("a", "F8_E4M3", "[1]", 0, 1) + "}", 1, "'F8_E4M3'" },
        { "a type by its number", "{" + Entry("a", "11", "[1]", 0, 4) + "}", 4, "'11'" },
        { "a missing property", "{\"a\":{\"dtype\":\"U8\",\"shape\":[1]}}", 1, "lacks" },
        { "a repeated property", "{\"a\":{\"dtype\":\"U8\",\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}", 1, "repeated" },
        { "a negative dimension", "{" + Entry("a", "U8", "[-1]", 0, 1) + "}", 1, "negative" },
        { "two negative dimensions", "{" + Entry("a", "U8", "[-1,-1]", 0, 1) + "}", 1, "negative" },
        { "an overflowing shape", "{" + Entry("a", "U8", "[65536,65536,65536,65536]", 0, 0) + "}", 0, "larger" },
        { "an overflowing shape with a zero", "{" + Entry("a", "U8", "[0,9223372036854775807]", 0, 0) + "}", 0, "larger" },
        { "a broken dimension", "{" + Entry("a", "U8", "[1.5]", 0, 1) + "}", 1, "whole numbers" },
        { "a dimension beyond 64 bits", "{" + Entry("a", "U8", "[99999999999999999999]", 0, 1) + "}", 1, "whole numbers" },
        { "too many dimensions", "{" + Entry("a", "U8", "[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]", 0, 1) + "}", 1, "short list" },
        { "one offset", "{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0]}}", 1, "lacks" },
        { "a negative offset", "{" + Entry("a", "U8", "[1]", -1, 0) + "}", 1, "data_offsets" },
        { "offsets the wrong way round", "{" + Entry("a", "U8", "[1]", 1, 0) + "}", 1, "data_offsets" },
        { "an end beyond the file", "{" + Entry("a", "U8", "[9]", 0, 9) + "}", 8, "1 bytes after the end" },
        { "another length than the shape", "{" + Entry("a", "F32", "[2]", 0, 7) + "}", 7, "8 bytes by its shape" },
        { "an overlap", "{" + Entry("a", "U8", "[2]", 0, 2) + "," + Entry("b", "U8", "[2]", 1, 3) + "}", 3, "overlap" },
        { "a hole", "{" + Entry("a", "U8", "[1]", 0, 1) + "," + Entry("b", "U8", "[1]", 2, 3) + "}", 3, "hole" },
        { "bytes of nobody", "{" + Entry("a", "U8", "[1]", 0, 1) + "}", 2, "belong to nothing" },
        { "a broken escape in a name", "{\"\\ud800\":1}", 0, "JSON" },
    };

    [Theory]
    [MemberData(nameof(Lies))]
    public void A_header_that_lies_is_refused(string lie, string header, int dataLength, string says)
    {
        Assert.NotEmpty(lie);
        Refused(File(header, dataLength), says);
    }

    [Fact]
    public void A_file_that_is_cut_off_is_refused_wherever_the_cut_is()
    {
        byte[] whole = File("{" + Entry("a", "F32", "[2,2]", 0, 16) + "}", 16);
        for (int length = 0; length < whole.Length; length++)
            Refused(whole[..length], "");
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    [InlineData(3)]
    [InlineData(99_999_999)]
    public void A_header_cannot_claim_more_bytes_than_the_file_has(long claimed)
    {
        byte[] file = File("{}", 0, claimed);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Refused(file, "claims");
        // The file itself, its name and a message: well below the 100 MB that the header asks for.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 18);
    }

    [Fact]
    public void An_empty_tensor_may_lie_anywhere()
    {
        using var folder = new TemporaryFolder();
        System.IO.File.WriteAllBytes(folder["a"], File("{" + Entry("a", "F32", "[2]", 0, 8) + "," + Entry("none", "F32", "[3,0]", 8, 8) + "," + Entry("scalar", "U8", "[]", 8, 9) + "}", 9));
        using var file = SafetensorsFile.Open(folder["a"]);
        file.Read("none", []);
        Assert.Equal(1, file.Tensors["scalar"].Length);
        Assert.Equal(BinaryPrimitives.ReadSingleLittleEndian([0, 1, 2, 3]), First());

        float First()
        {
            var read = new float[2];
            file.Read("a", read);
            return read[0];
        }
    }

    static void Refused(byte[] bytes, string says)
    {
        using var folder = new TemporaryFolder();
        System.IO.File.WriteAllBytes(folder["hostile.safetensors"], bytes);
        Says(() => SafetensorsFile.Open(folder["hostile.safetensors"]).Dispose(), "hostile.safetensors", says);
    }

    static void Says(Action action, params string[] words)
    {
        string message = Assert.Throws<CheckpointException>(action).Message;
        Assert.All(words, word => Assert.Contains(word, message));
    }
}
