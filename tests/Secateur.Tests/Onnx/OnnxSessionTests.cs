using Secateur.Models.Checkpoints;
using Secateur.Onnx.Runtime;

namespace Secateur.Tests.Onnx;

public sealed class OnnxSessionTests
{
    const int Pictures = 2, Classes = 9;

    /// <summary>Two programs that sum in other orders: about a hundred roundings of numbers around one.</summary>
    const float Rounding = 1e-4f;

    static readonly string Dynamic = Fixtures.Path("onnx/timm-vit-opset17.onnx"), Static = Fixtures.Path("onnx/timm-vit-opset12.onnx");

    [SkippableFact]
    public void A_network_gives_the_answers_that_timm_gives()
    {
        using OnnxSession session = Open(Dynamic);
        Near(Expected("logits"), Logits(session, Input(Pictures)));
    }

    [SkippableFact]
    public void A_batch_size_that_is_part_of_the_model_gives_the_same_answers()
    {
        using OnnxSession session = Open(Static);
        Near(Expected("logits")[..Classes], Logits(session, Input(1)));
    }

    [SkippableFact]
    public void A_model_in_memory_is_the_model_of_its_file()
    {
        using OnnxSession file = Open(Dynamic), bytes = OnnxSession.Open(InstalledRuntime.Library, File.ReadAllBytes(Dynamic));
        Assert.Equal(Logits(file, Input(Pictures)), Logits(bytes, Input(Pictures)));
    }

    [SkippableFact]
    public void A_free_batch_size_takes_any_number_of_pictures()
    {
        using OnnxSession session = Open(Dynamic);
        Near(Expected("logits")[..Classes], Logits(session, Input(1)));
        Assert.Equal(5 * Classes, Logits(session, new OnnxTensor(OnnxElementType.Float32, 5, 3, 56, 56)).Length);
    }

    [SkippableFact]
    public void A_session_says_what_it_takes_and_gives_and_who_wrote_it()
    {
        using OnnxSession session = Open(Dynamic);
        OnnxValueInfo input = Assert.Single(session.Inputs);
        Assert.Equal("pixel_values float32 [batch, 3, 56, 56]", input.ToString());
        Assert.Equal([-1, 3, 56, 56], input.Shape.ToArray());
        Assert.Equal($"logits float32 [batch, {Classes}]", Assert.Single(session.Outputs).ToString());
        Assert.Equal("pytorch", session.Metadata.Producer);
    }

    [SkippableFact]
    public void Bound_memory_gives_the_same_bits_run_after_run()
    {
        using OnnxSession session = Open(Dynamic);
        OnnxTensor input = Input(Pictures), output = new(OnnxElementType.Float32, Pictures, Classes);
        using OnnxBinding binding = session.Bind([new("pixel_values", input)], [new("logits", output)]);
        for (int i = 0; i < 3; i++)
        {
            input.Values<float>()[i] += i;
            binding.Run();
            Assert.Equal(Logits(session, input), output.Values<float>().ToArray());
        }
    }

    [SkippableFact]
    public void A_binding_outlives_the_session_that_made_it()
    {
        OnnxTensor input = Input(Pictures), output = new(OnnxElementType.Float32, Pictures, Classes);
        OnnxSession session = Open(Dynamic);
        OnnxBinding binding = session.Bind([new("pixel_values", input)], [new("logits", output)]);
        session.Dispose();
        binding.Run();
        Near(Expected("logits"), output.Values<float>().ToArray());
        binding.Dispose();
        binding.Dispose();
        Assert.Throws<ObjectDisposedException>(binding.Run);
        Assert.Throws<ObjectDisposedException>(() => session.Run(new KeyValuePair<string, OnnxTensor>("pixel_values", input)));
    }

    [SkippableFact]
    public void Threads_of_a_session_and_of_its_callers_do_not_change_the_answers()
    {
        using OnnxSession one = Open(Dynamic, new() { Threads = 1 }), two = Open(Dynamic, new() { Threads = 2, SpinBetweenRuns = false });
        float[] expected = Logits(one, Input(Pictures));
        var callers = Enumerable.Range(0, 4).Select(_ => Task.Run(() => Logits(two, Input(Pictures)))).ToArray();
        Task.WaitAll(callers);
        Assert.All(callers, caller => Near(expected, caller.Result));
    }

    [SkippableFact]
    public void A_wrong_name_type_or_shape_is_refused_in_words_of_the_model()
    {
        using OnnxSession session = Open(Static);
        OnnxTensor good = Input(1);
        (string Because, OnnxTensor Tensor, string Name)[] wrong =
        [
            ("no input 'pixels'", good, "pixels"),
            ("given as float32 [2, 3, 56, 56]", Input(Pictures), "pixel_values"),
            ("given as float32 [1, 9408]", new(OnnxElementType.Float32, 1, 9408), "pixel_values"),
            ("given as float16 [1, 3, 56, 56]", new(OnnxElementType.Float16, 1, 3, 56, 56), "pixel_values"),
        ];
        foreach ((string because, OnnxTensor tensor, string name) in wrong)
        {
            string message = Assert.Throws<ArgumentException>(() => session.Run(new KeyValuePair<string, OnnxTensor>(name, tensor))).Message;
            Assert.Contains(because, message, StringComparison.Ordinal);
            Assert.Contains("pixel_values float32 [1, 3, 56, 56]", message, StringComparison.Ordinal);
        }

        Assert.Contains("given 0 times", Assert.Throws<ArgumentException>(() => session.Run()).Message, StringComparison.Ordinal);
        Assert.Contains("no output 'classes'", Assert.Throws<ArgumentException>(() => session.Bind([new("pixel_values", good)], [new("classes", good)])).Message, StringComparison.Ordinal);
        Assert.Contains("does not fit", Assert.Throws<ArgumentException>(() => session.Bind([new("pixel_values", good)], [new("logits", good)])).Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Bound_outputs_of_another_batch_size_are_an_error_of_the_run()
    {
        using OnnxSession session = Open(Dynamic);
        OnnxTensor output = new(OnnxElementType.Float32, Pictures + 1, Classes);
        using OnnxBinding binding = session.Bind([new("pixel_values", Input(Pictures))], [new("logits", output)]);
        Assert.Throws<OnnxRuntimeException>(binding.Run);
        Assert.All(output.Values<float>().ToArray(), value => Assert.Equal(0, value));
    }

    [SkippableFact]
    public void Damaged_models_are_refused()
    {
        OnnxRuntimeLibrary library = InstalledRuntime.Library;
        byte[] model = File.ReadAllBytes(Static);
        Assert.Throws<OnnxRuntimeException>(() => OnnxSession.Open(library, ReadOnlySpan<byte>.Empty));
        Assert.Throws<OnnxRuntimeException>(() => OnnxSession.Open(library, "no model"u8));
        Assert.Throws<OnnxRuntimeException>(() => OnnxSession.Open(library, model.AsSpan(0, model.Length / 2)));
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["cut.onnx"], model[..1000]);
        string message = Assert.Throws<OnnxRuntimeException>(() => OnnxSession.Open(library, folder["cut.onnx"])).Message;
        Assert.Contains("cut.onnx cannot be opened. ONNX Runtime", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
        Assert.Throws<FileNotFoundException>(() => OnnxSession.Open(library, folder["none.onnx"]));
        Assert.Contains("is a folder", Assert.Throws<FileNotFoundException>(() => OnnxSession.Open(library, folder.Path)).Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_provider_that_the_build_lacks_is_refused_by_name()
    {
        OnnxRuntimeLibrary library = InstalledRuntime.Library;
        Assert.Contains(OnnxProvider.Cpu, library.Providers);
        foreach (OnnxProvider absent in OnnxProvider.All.Where(provider => !library.Providers.Contains(provider)))
        {
            string message = Assert.Throws<OnnxRuntimeException>(() => Open(Dynamic, new() { Provider = absent })).Message;
            Assert.Contains($"no provider '{absent.Name}'", message, StringComparison.Ordinal);
            Assert.Contains("it has cpu", message, StringComparison.Ordinal);
        }

        Assert.Throws<ArgumentException>(() => OnnxProvider.Named("gpu"));
    }

    static OnnxSession Open(string path, OnnxSessionOptions? options = null) => OnnxSession.Open(InstalledRuntime.Library, path, options);

    static float[] Logits(OnnxSession session, OnnxTensor input) => session.Run(new KeyValuePair<string, OnnxTensor>("pixel_values", input))["logits"].Values<float>().ToArray();

    static OnnxTensor Input(int pictures) => OnnxTensor.Of<float>(Expected("input").AsSpan(0, pictures * 3 * 56 * 56), pictures, 3, 56, 56);

    static float[] Expected(string name)
    {
        using var file = SafetensorsFile.Open(Fixtures.Path("onnx/timm-vit-expected.safetensors"));
        var values = new float[file.Tensors[name].Shape.Aggregate(1, (product, length) => product * (int)length)];
        file.Read(name, values);
        return values;
    }

    static void Near(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], Rounding);
    }
}
