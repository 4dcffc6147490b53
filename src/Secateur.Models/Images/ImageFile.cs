namespace Secateur.Models.Images;

/// <summary>Reads JPEG and PNG files to the same bits as Pillow's <c>Image.open(file).convert("RGB")</c>.</summary>
public static class ImageFile
{
    /// <summary>The most bytes a file may have.</summary>
    public const int MaximumBytes = 1 << 29;

    /// <summary>Reads a picture from a file.</summary>
    /// <param name="path">A JPEG or PNG file; its first bytes say which, not its name.</param>
    /// <param name="upright">Whether to turn it as its EXIF orientation asks (Pillow's <c>ImageOps.exif_transpose</c>).</param>
    /// <returns>The picture.</returns>
    /// <exception cref="ImageException">The file is missing, of another kind, too large, truncated or damaged, or the library that decodes
    /// its kind is not installed.</exception>
    public static RgbImage Load(string path, bool upright = true)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        byte[] bytes;
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
            if (file.Length > MaximumBytes)
                throw new ImageException($"{path}: the file has {file.Length} bytes; pictures are read up to {MaximumBytes}.");
            bytes = new byte[file.Length];
            file.ReadExactly(bytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new ImageException($"{path}: the picture cannot be read: {e.Message}", e);
        }

        return Decode(bytes, path, upright);
    }

    /// <summary>Reads a picture from the bytes of a file.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="name">What errors call it.</param>
    /// <param name="upright">Whether to turn it as its EXIF orientation asks.</param>
    /// <returns>The picture.</returns>
    /// <exception cref="ImageException">The bytes are of another kind, too many pixels, truncated or damaged, or the library that decodes
    /// the kind is not installed.</exception>
    public static RgbImage Decode(ReadOnlySpan<byte> file, string name, bool upright = true)
    {
        RgbImage image;
        if (file.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]))
            image = JpegDecoder.Decode(file, name);
        else if (file.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]))
            image = PngDecoder.Decode(file, name);
        else
            throw new ImageException(
                $"{name}: {WhatElse(file)}; JPEG and PNG are read. Convert it first, for instance `convert {System.IO.Path.GetFileName(name)} picture.png`.");
        return upright ? Orientation.Apply(image, Orientation.Find(file)) : image;
    }

    /// <summary>Refuses a size before anything is allocated for it.</summary>
    internal static void CheckSize(long width, long height, string name)
    {
        if (width < 1 || height < 1)
            throw new ImageException($"{name}: the picture has {width}x{height} pixels; both sides must be at least 1.");
        if (width > RgbImage.MaximumPixels / height)
            throw new ImageException(
                $"{name}: the picture has {width}x{height} pixels, more than the {RgbImage.MaximumPixels} that are read. Make it smaller first.");
    }

    static string WhatElse(ReadOnlySpan<byte> file) => file switch
    {
        [] => "the file is empty",
        [(byte)'G', (byte)'I', (byte)'F', ..] => "this is a GIF",
        [(byte)'B', (byte)'M', ..] => "this is a BMP",
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => "this is a WebP",
        [(byte)'I', (byte)'I', 42, 0, ..] or [(byte)'M', (byte)'M', 0, 42, ..] => "this is a TIFF",
        _ => $"no picture starts with the bytes {Convert.ToHexString(file[..Math.Min(8, file.Length)])}",
    };
}
