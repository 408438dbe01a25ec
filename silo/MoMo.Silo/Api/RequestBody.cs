namespace MoMo.Silo.Api;

/// <summary>Reads a whole small body: the proof needs its exact bytes.</summary>
internal static class RequestBody
{
    /// <summary>The largest single message, in bytes.</summary>
    public const int Max = 64 * 1024;

    /// <summary>The body's bytes.</summary>
    /// <exception cref="BadHttpRequestException">413: longer than <see cref="Max"/>.</exception>
    public static async ValueTask<byte[]> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (request.ContentLength is { } announced)
        {
            if (announced > Max) throw TooLong();
            var bytes = new byte[announced];
            await request.Body.ReadExactlyAsync(bytes, cancellation);
            return bytes;
        }

        using var gathered = new MemoryStream();
        var piece = new byte[4_096];
        int read;
        while ((read = await request.Body.ReadAsync(piece, cancellation)) > 0)
        {
            if (gathered.Length + read > Max) throw TooLong();
            gathered.Write(piece, 0, read);
        }

        return gathered.ToArray();
    }

    private static RequestException TooLong() => new($"A message has at most {Max / 1024} KiB.", StatusCodes.Status413PayloadTooLarge);
}
