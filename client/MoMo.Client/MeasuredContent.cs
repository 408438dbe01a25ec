using System.Net;
using System.Net.Http.Headers;

namespace MoMo.Client;

/// <summary>The rest of a stream as a request's body, telling how much of it is out. Leaves the stream open.</summary>
internal sealed class MeasuredContent : HttpContent
{
    private const int ChunkSize = 65_536;

    private readonly Stream content;
    private readonly IProgress<long>? sent;

    public MeasuredContent(Stream content, IProgress<long>? sent)
    {
        this.content = content;
        this.sent = sent;
        Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var chunk = new byte[ChunkSize];
        long total = 0;
        int length;
        while ((length = await content.ReadAsync(chunk, cancellationToken)) > 0)
        {
            await stream.WriteAsync(chunk.AsMemory(0, length), cancellationToken);
            total += length;
            sent?.Report(total);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = content.CanSeek ? content.Length - content.Position : 0;
        return content.CanSeek;
    }
}
