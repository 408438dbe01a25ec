using System.Text.Json;

namespace MoMo.Edge.Formats.Json;

/// <summary>Files of JSON, which are held in memory as a whole: 64 MiB at most, 64 levels, no name twice.</summary>
internal static class ForeignJson
{
    private const int BytesMax = 64 * 1024 * 1024;
    private const int BufferSize = 64 * 1024;
    private const int DepthMax = 64;
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = DepthMax, AllowDuplicateProperties = false };

    /// <exception cref="FileFaultException"><c>malformed-json</c>, <c>file-too-long</c>.</exception>
    public static async Task<JsonDocument> ParseAsync(Stream file, CancellationToken cancellation)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[BufferSize];
        for (int read; (read = await file.ReadAsync(buffer, cancellation)) > 0;)
        {
            bytes.Write(buffer, 0, read);
            if (bytes.Length > BytesMax) throw new FileFaultException("file-too-long", $"A file of JSON has at most {BytesMax / (1024 * 1024)} MiB.");
        }

        var json = bytes.GetBuffer().AsMemory(0, (int)bytes.Length);
        if (json.Span.StartsWith("\uFEFF"u8)) json = json[3..];
        try
        {
            return JsonDocument.Parse(json, Options);
        }
        catch (JsonException)
        {
            throw new FileFaultException("malformed-json", $"The file is not JSON: {JsonFault.Explain(json.Span, DepthMax, duplicates: false)}.");
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, met when names are compared.
            throw new FileFaultException("malformed-json", "The file holds names that are not Unicode.");
        }
    }
}
