namespace Secateur.Models.Images;

/// <summary>A marker of a JPEG file and where its body lies, [<paramref name="Start"/>, <paramref name="End"/>).</summary>
readonly record struct JpegSegment(byte Marker, int Start, int End)
{
    internal const byte StartOfScan = 0xDA;
    internal const byte App1 = 0xE1;

    /// <summary>The segments up to the first scan, in order; bytes between them are passed over, as libjpeg-turbo does.</summary>
    internal static List<JpegSegment> Walk(ReadOnlySpan<byte> file)
    {
        List<JpegSegment> segments = [];
        int at = 2;
        while (at + 4 <= file.Length)
        {
            byte marker = file[at + 1];
            if (file[at] != 0xFF || marker is 0 or 0xFF)
            {
                at++;
                continue;
            }

            int end = at + 2 + ((file[at + 2] << 8) | file[at + 3]);
            if (end < at + 4 || end > file.Length)
                break;
            segments.Add(new(marker, at + 4, end));
            if (marker == StartOfScan)
                break;
            at = end;
        }

        return segments;
    }

    /// <summary>Whether an end-of-image marker follows the first scan's head. Inside a scan every 0xFF that is data is followed by 0, so
    /// that the pair can only be the marker.</summary>
    internal static bool HasEnd(ReadOnlySpan<byte> file)
    {
        List<JpegSegment> segments = Walk(file);
        return segments.Count > 0 && segments[^1].Marker == StartOfScan
            && file[segments[^1].End..].IndexOf((ReadOnlySpan<byte>)[0xFF, 0xD9]) >= 0;
    }
}
