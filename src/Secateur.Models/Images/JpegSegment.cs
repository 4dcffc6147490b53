namespace Secateur.Models.Images;

/// <summary>A marker of a JPEG file and where its body lies, [<paramref name="Start"/>, <paramref name="End"/>).</summary>
readonly record struct JpegSegment(byte Marker, int Start, int End)
{
    internal const byte StartOfScan = 0xDA;
    internal const byte App1 = 0xE1;

    /// <summary>The segments up to the first scan, in order; stops at the first thing that is not one.</summary>
    internal static List<JpegSegment> Walk(ReadOnlySpan<byte> file)
    {
        List<JpegSegment> segments = [];
        int at = 2;
        while (at + 4 <= file.Length && file[at] == 0xFF)
        {
            byte marker = file[at + 1];
            if (marker == 0xFF)
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
}
