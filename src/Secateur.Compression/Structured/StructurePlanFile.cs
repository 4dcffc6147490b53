using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Secateur.Models;
using Secateur.Models.Checkpoints;

namespace Secateur.Compression.Structured;

/// <summary>Structure plans as JSON: {"format": "secateur-structure-plan", "version": 1, "layers": [{"heads": "0-2, 5", "neurons": "0-1535",
/// "head-scales": [...], ...}, ...]}. docs/formats/structure-plan.md describes every key.</summary>
public static class StructurePlanFile
{
    internal const string Format = "secateur-structure-plan";
    internal const int Version = 1;
    const int MostBytes = 1 << 25;

    /// <summary>Reads a plan from a file of at most 32 MB.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The plan.</returns>
    /// <exception cref="PlanException">It is not a plan; the message says where.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static StructurePlan Load(string path) => Parse(PlanJson.ReadFile(path, MostBytes, "structure plan"), path);

    /// <summary>Reads a plan for one network.</summary>
    /// <param name="path">The file.</param>
    /// <param name="network">What it will be applied to.</param>
    /// <returns>The plan.</returns>
    /// <exception cref="PlanException">It is not a plan, it does not fit the network, or it was made for other weights.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static StructurePlan Load(string path, Transformer network)
    {
        StructurePlan plan = Load(path);
        if (Surgeon.Misfit(network, plan) is { } misfit)
            throw new PlanException($"{path} is of another network: {misfit}");
        if (plan.Origin is { } origin && WeightsHash.Of(network) is { } weights && weights != origin.Weights)
            throw new PlanException($"{path} was made for other weights ({origin.Architecture}, {origin.Weights[..12]}..., not {weights[..12]}...): what matters in one network says nothing about another. Make a plan for this network.");
        return plan;
    }

    /// <summary>Reads a plan.</summary>
    /// <param name="json">Its text.</param>
    /// <param name="where">For errors: the file.</param>
    /// <returns>The plan.</returns>
    /// <exception cref="PlanException">It is not a plan; the message says where.</exception>
    public static StructurePlan Parse(string json, string where = "plan")
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 6, AllowDuplicateProperties = false });
            return StructurePlanReader.Read(document.RootElement, where);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // the latter: text that is not Unicode
        {
            throw new PlanException($"{where} is not JSON that can be read as a structure plan: {e.Message}", e);
        }
    }

    /// <summary>Writes a plan beside its target first, then renames it; its folder is made if it is missing.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="path">Where it goes.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save(StructurePlan plan, string path)
    {
        byte[] text = Encoding.UTF8.GetBytes(Print(plan) + "\n");
        AtomicFile.Write(path, stream => stream.Write(text));
    }

    /// <summary>Writes a plan; every number is read back with the same bits.</summary>
    /// <param name="plan">The plan.</param>
    /// <returns>Its text, indented.</returns>
    public static string Print(StructurePlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartObject();
            writer.WriteString("format", Format);
            writer.WriteNumber("version", Version);
            if (plan.Origin is { } origin)
                Write(writer, origin);
            writer.WriteStartArray("layers");
            foreach (LayerPlan layer in plan.Layers)
                Write(writer, layer);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }

    static void Write(Utf8JsonWriter writer, StructurePlanOrigin origin)
    {
        writer.WriteStartObject("origin");
        writer.WriteString("tool", origin.Tool);
        writer.WriteString("architecture", origin.Architecture);
        writer.WriteString("weights", origin.Weights);
        writer.WriteString("scorer", origin.Scorer);
        writer.WriteString("allocator", origin.Allocator);
        writer.WriteString("corrector", origin.Corrector);
        writer.WriteNumber("budget", origin.Budget);
        writer.WriteString("calibration", origin.Calibration);
        if (origin.Macs is { } macs)
        {
            writer.WriteStartObject("macs");
            writer.WriteNumber("plan", macs.Plan);
            writer.WriteNumber("dense", macs.Dense);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    static void Write(Utf8JsonWriter writer, LayerPlan layer)
    {
        writer.WriteStartObject();
        writer.WriteString("heads", UnitRanges.Print(layer.Heads));
        writer.WriteString("neurons", UnitRanges.Print(layer.Neurons));
        Write(writer, "head-scales", layer.HeadScales);
        Write(writer, "neuron-scales", layer.NeuronScales);
        Write(writer, "attention-bias", layer.AttentionBias);
        Write(writer, "mlp-bias", layer.MlpBias);
        writer.WriteEndObject();
    }

    // On one line, however many there are; .NET prints as many digits as bring the same float back.
    static void Write(Utf8JsonWriter writer, string key, ImmutableArray<float> numbers)
    {
        if (numbers.IsEmpty)
            return;
        writer.WritePropertyName(key);
        writer.WriteRawValue($"[{string.Join(", ", numbers.Select(number => number.ToString(CultureInfo.InvariantCulture)))}]");
    }
}
