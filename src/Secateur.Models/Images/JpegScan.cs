namespace Secateur.Models.Images;

/// <summary>What tells a JPEG that stops early from one that is whole.</summary>
/// <param name="HasEnd">Whether an end-of-image marker follows the first scan.</param>
/// <param name="IsOnlyOne">Whether the first scan holds the whole picture: all components, and not a progressive file.</param>
readonly record struct JpegScan(bool HasEnd, bool IsOnlyOne)
{
    /// <summary>Walks the markers up to the first scan, then looks for the end; never reads outside <paramref name="file"/>.</summary>
    internal static JpegScan Find(ReadOnlySpan<byte> file)
    {
        int components = 0;
        bool progressive = false;
        foreach (JpegSegment segment in JpegSegment.Walk(file))
        {
            ReadOnlySpan<byte> body = file[segment.Start..segment.End];
            if (segment.Marker is 0xC0 or 0xC1 or 0xC2 or 0xC9 or 0xCA && body.Length > 5)
                (components, progressive) = (body[5], segment.Marker is 0xC2 or 0xCA);
            if (segment.Marker != JpegSegment.StartOfScan)
                continue;

            // Inside a scan every 0xFF that is data is followed by 0, so that this pair can only be the marker.
            bool end = file[segment.End..].IndexOf((ReadOnlySpan<byte>)[0xFF, 0xD9]) >= 0;
            return new(end, !progressive && body.Length > 0 && body[0] == components);
        }

        return new(false, false);
    }
}
