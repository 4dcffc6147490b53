using System.Text;
using Secateur.Models.Checkpoints;

namespace Secateur.Tests.Checkpoints;

/// <summary>Seeded mutations: a damaged checkpoint either opens and reads, or is refused with its own error, and takes no more memory than it has bytes.</summary>
public sealed class HostileCheckpointTests
{
    // For what the runtime itself needs on the way: exceptions, buffers, strings.
    const long Allowance = 4 << 20;

    static readonly string[] Fragments =
    [
        "0", "-1", "9223372036854775807", "1e308", "18446744073709551616", "null", "true", "{}", "[]", "\"\"", "\"F8_E4M3\"", "\"F64\"", "\"I64\"", "\\u0000", "\\ud800",
        "[[[[", "}}}}", "\"shape\"", "\"dtype\"", "blocks.0", "__metadata__", ",", "\"", "[4294967296,4294967296]",
    ];

    [Fact]
    public void Mutated_safetensors_are_refused_or_read()
    {
        using var folder = new TemporaryFolder();
        byte[] whole = Small(folder["small.safetensors"]);
        int headerLength = (int)BitConverter.ToInt64(whole), refused = 0;
        var random = new Random(20261121);
        for (int i = 0; i < 4000; i++)
        {
            File.WriteAllBytes(folder["model.safetensors"], Mutate(whole, 8 + headerLength, random));
            refused += Survives(whole.Length, () =>
            {
                using var file = SafetensorsFile.Open(folder["model.safetensors"]);
                foreach (TensorInfo info in file.Tensors.Values)
                    if (info.Type.IsFloating())
                        file.Read(info.Name, new float[info.Length]);
                    else
                        file.ReadInt64(info.Name, new long[info.Length]);
            });
        }

        Assert.InRange(refused, 1000, 4000);
    }

    [Fact]
    public void Mutated_configurations_are_refused_or_obeyed()
    {
        using var folder = new TemporaryFolder();
        File.Copy(Fixtures.Path("timm/clip-tower/model.safetensors"), folder["model.safetensors"]);
        byte[] whole = File.ReadAllBytes(Fixtures.Path("timm/clip-tower/config.json"));
        var random = new Random(7);
        int refused = 0;
        for (int i = 0; i < 2000; i++)
        {
            File.WriteAllBytes(folder["config.json"], Mutate(whole, whole.Length, random));
            refused += Survives(600_000, () => VitCheckpoint.Open(folder.Path).Dispose());
        }

        Assert.InRange(refused, 500, 1999);
    }

    [Fact]
    public void Mutated_headers_of_a_network_are_refused_or_run()
    {
        using var folder = new TemporaryFolder();
        byte[] whole = File.ReadAllBytes(Fixtures.Path("timm/deit-distilled/model.safetensors"));
        File.Copy(Fixtures.Path("timm/deit-distilled/config.json"), folder["config.json"]);
        int header = 8 + (int)BitConverter.ToInt64(whole);
        var random = new Random(11);
        for (int i = 0; i < 500; i++)
        {
            File.WriteAllBytes(folder["model.safetensors"], Mutate(whole, header, random));
            Survives(whole.Length, () =>
            {
                using VitCheckpoint checkpoint = VitCheckpoint.Open(folder.Path);
                Assert.Equal(48, new VitShapes(checkpoint.Weights).Width);
            });
        }
    }

    [Fact]
    public void A_header_full_of_names_takes_no_more_than_a_multiple_of_itself()
    {
        using var folder = new TemporaryFolder();
        var header = new StringBuilder("{");
        for (int i = 0; i < 100_001; i++)
            header.Append(i == 0 ? "" : ",").Append(HeaderText.Entry(i.ToString(), "U8", "[0]", 0, 0));
        File.WriteAllBytes(folder["a.safetensors"], HeaderText.File(header.Append('}').ToString()));
        Assert.Contains("100000", Assert.Throws<CheckpointException>(() => SafetensorsFile.Open(folder["a.safetensors"])).Message);
    }

    [Fact]
    public void A_configuration_as_long_as_a_film_is_not_read()
    {
        using var folder = new TemporaryFolder();
        File.Copy(Fixtures.Path("timm/deit3/model.safetensors"), folder["model.safetensors"]);
        using (FileStream stream = File.Create(folder["config.json"]))
            stream.SetLength(1L << 33);
        Assert.Contains("at most", Assert.Throws<CheckpointException>(() => VitCheckpoint.Open(folder.Path)).Message);
    }

    static byte[] Small(string path)
    {
        SafetensorsWriter.Write(
            path,
            [
                OutputTensor.Of("a", [2, 3], new float[6]), OutputTensor.Of("b", [4], new long[4]), OutputTensor.Of("c", [5], new byte[5]),
                OutputTensor.Floats("d", [3], _ => { }, TensorType.F16), OutputTensor.Of("e", [0, 7], Array.Empty<float>()),
            ],
            new Dictionary<string, string> { ["format"] = "pt" });
        return File.ReadAllBytes(path);
    }

    static byte[] Mutate(byte[] whole, int interesting, Random random)
    {
        List<byte> bytes = [.. whole];
        for (int changes = random.Next(1, 4); changes > 0; changes--)
        {
            int place = random.Next(Math.Min(interesting, bytes.Count));
            switch (random.Next(6))
            {
                case 0:
                    bytes[place] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[place] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    bytes.RemoveRange(place, Math.Min(random.Next(1, 20), bytes.Count - place));
                    break;
                case 3:
                    bytes.InsertRange(place, Encoding.UTF8.GetBytes(Fragments[random.Next(Fragments.Length)]));
                    break;
                case 4:
                    // A digit for a digit keeps the file's form and changes what it says.
                    int digit = bytes.FindIndex(place, value => value is >= (byte)'0' and <= (byte)'9');
                    if (digit >= 0)
                        bytes[digit] = (byte)random.Next('0', '9' + 1);
                    break;
                default:
                    bytes.RemoveRange(place, bytes.Count - place);
                    break;
            }

            if (bytes.Count == 0)
                break;
        }

        return [.. bytes];
    }

    static int Survives(long length, Action open)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        int refused = 0;
        try
        {
            open();
        }
        catch (CheckpointException)
        {
            refused = 1;
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, (8 * length) + Allowance);
        return refused;
    }
}
