using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using System.Threading.Channels;
using MoMo.Client.Wire;
using MoMo.Domain.Payments;
using MoMo.Edge.Formats.Json;
using MoMo.Engine;

namespace MoMo.Silo.Api;

/// <summary>
/// Takes a stream of payments, one JSON object a line, and streams an answer per line back in order. Bounded: a window of lines is in flight,
/// and when it is full nothing more is read, so that TCP slows the sender down.
/// </summary>
internal sealed class BulkIntake(PaymentIntake intake, TimeProvider clock)
{
    /// <summary>Lines of one stream in flight.</summary>
    private const int WindowMax = 8_192;

    private static readonly byte[] NewLine = "\n"u8.ToArray();

    public async Task RunAsync(HttpContext http, CancellationToken cancellation)
    {
        http.Features.Get<Microsoft.AspNetCore.Server.Kestrel.Core.Features.IHttpMinRequestBodyDataRateFeature>()?.MinDataRate = null;
        http.Response.ContentType = "application/x-ndjson";
        var sender = await intake.SenderAsync(http, cancellation);
        var envelope = Envelope.Of(http, clock.GetUtcNow());
        var window = Channel.CreateBounded<Task<BulkLine>>(new BoundedChannelOptions(WindowMax) { SingleReader = true, SingleWriter = true });
        using var broken = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var answering = AnswerAsync(http.Response.BodyWriter, window.Reader, broken);
        try
        {
            await ReadAsync(http.Request.BodyReader, sender, envelope, window.Writer, broken.Token);
            window.Writer.Complete();
        }
        catch (Exception e)
        {
            window.Writer.Complete(e is OperationCanceledException ? null : e);
        }

        await answering;
    }

    private async Task ReadAsync(PipeReader body, Sender sender, string envelope, ChannelWriter<Task<BulkLine>> window, CancellationToken cancellation)
    {
        long number = 0;
        while (true)
        {
            var read = await body.ReadAsync(cancellation);
            var buffer = read.Buffer;
            while (buffer.PositionOf((byte)'\n') is { } end)
            {
                number++;
                var line = buffer.Slice(0, end);
                buffer = buffer.Slice(buffer.GetPosition(1, end));
                await TakeLineAsync(line, number, sender, envelope, window, cancellation);
            }

            if (read.IsCompleted)
            {
                if (!buffer.IsEmpty) await TakeLineAsync(buffer, number + 1, sender, envelope, window, cancellation);
                return;
            }

            if (buffer.Length > RequestBody.Max)
            {
                // Without its end the next line can't be found: the stream ends here, and says so.
                await window.WriteAsync(Task.FromResult(Refused(number + 1, new Refusal("line-too-long", $"A line has at most {RequestBody.Max / 1024} KiB; the stream is not read any further."))), cancellation);
                return;
            }

            body.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    private async ValueTask TakeLineAsync(
        ReadOnlySequence<byte> line, long number, Sender sender, string envelope, ChannelWriter<Task<BulkLine>> window, CancellationToken cancellation)
    {
        var bytes = line.ToArray();
        if (bytes.AsSpan().TrimEnd("\r \t"u8).IsEmpty) return;
        var answer = TakeAsync(bytes, number, sender, envelope);
        if (!window.TryWrite(answer)) await window.WriteAsync(answer, cancellation);
    }

    private async Task<BulkLine> TakeAsync(byte[] bytes, long number, Sender sender, string envelope)
    {
        try
        {
            var read = PaymentReader.Read(bytes, null);
            var outcome = await intake.TakeAsync(read, bytes, envelope, sender, patient: true, CancellationToken.None);
            return outcome.Accepted is { } taken ? Taken(number, taken) : Refused(number, outcome.Refused!);
        }
        catch (HubBusyException e)
        {
            return new BulkLine { Line = number, Status = 503, Code = "busy", Detail = $"{e.Message} Send this line again; nothing is taken twice." };
        }
    }

    /// <summary>Writes the answers in order; many share a flush.</summary>
    private static async Task AnswerAsync(PipeWriter body, ChannelReader<Task<BulkLine>> window, CancellationTokenSource broken)
    {
        using var json = new Utf8JsonWriter(body, new JsonWriterOptions { SkipValidation = true });
        try
        {
            var unflushed = 0;
            while (await window.WaitToReadAsync(CancellationToken.None))
            {
                while (window.TryPeek(out var next))
                {
                    if (!next.IsCompleted && unflushed > 0) unflushed = await FlushAsync(body, broken.Token);
                    JsonSerializer.Serialize(json, await next, MoMoJson.Default.BulkLine);
                    json.Flush();
                    json.Reset();
                    body.Write(NewLine);
                    window.TryRead(out _);
                    if (++unflushed >= 256) unflushed = await FlushAsync(body, broken.Token);
                }
            }

            await FlushAsync(body, broken.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The caller went away: stop reading from it too. What was taken stays taken; sending it again is safe.
            await broken.CancelAsync();
        }
    }

    private static async ValueTask<int> FlushAsync(PipeWriter body, CancellationToken cancellation)
    {
        await body.FlushAsync(cancellation);
        return 0;
    }

    private static BulkLine Taken(long number, TakenPayment taken) => new()
    {
        Line = number,
        Status = taken.Replayed ? 200 : 201,
        Id = taken.Payment.Id.ToString(),
        Outcome = taken.Payment.AccountId is null ? "suspense" : "accepted",
        Sequence = taken.Payment.Sequence,
        Replayed = taken.Replayed,
    };

    private static BulkLine Refused(long number, Refusal refusal) =>
        new() { Line = number, Status = Problems.StatusOf(refusal), Code = refusal.Code, Detail = refusal.Detail };
}
