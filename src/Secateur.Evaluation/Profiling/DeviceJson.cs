using System.Text.Json;

namespace Secateur.Evaluation.Profiling;

/// <summary>A device in the JSON of whatever was measured on it.</summary>
internal static class DeviceJson
{
    internal const int MostThreads = 1 << 16;

    /// <summary>Writes it under the key "device".</summary>
    internal static void Write(Utf8JsonWriter json, DeviceFingerprint device)
    {
        json.WriteStartObject("device");
        json.WriteString("processor", device.Processor);
        json.WriteNumber("cores", device.Cores);
        json.WriteString("registers", device.Registers);
        json.WriteString("system", device.System);
        json.WriteString("architecture", device.Architecture);
        json.WriteString("framework", device.Framework);
        json.WriteString("hash", device.Hash);
        json.WriteEndObject();
    }

    /// <summary>Reads it, trusting nothing.</summary>
    /// <exception cref="LatencyProfileException">It is no device, or was changed.</exception>
    internal static DeviceFingerprint Read(JsonElement json, string where)
    {
        ProfileJson.Keys(json, where, "processor", "cores", "registers", "system", "architecture", "framework", "hash");
        var device = new DeviceFingerprint(
            Text("processor"), ProfileJson.Whole(json.GetProperty("cores"), $"{where}.cores", 1, MostThreads), Text("registers"), Text("system"), Text("architecture"), Text("framework"));
        return Text("hash") == device.Hash ? device : throw new LatencyProfileException($"{where}.hash does not fit what stands beside it, which gives {device.Hash}; the file was changed, measure again.");

        string Text(string key) => ProfileJson.Text(json.GetProperty(key), $"{where}.{key}");
    }
}
