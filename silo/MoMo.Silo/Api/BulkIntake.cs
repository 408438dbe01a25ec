using System.Buffers;
using System.IO.Pipelines;
using System.Security.Claims;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http.Features;
using MoMo.Client.Wire;
using MoMo.Domain.Payments;
using MoMo.Edge;
using MoMo.Edge.Formats.Json;
using MoMo.Engine;
using MoMo.Silo.Identity;
using Npgsql;

namespace MoMo.Silo.Api;

/// <summary>
/// Takes a stream of payments, one JSON object a line, and streams an answer per line back in order. Bounded: a window of lines is in flight,
/// and when it is full nothing more is read, so that TCP slows the sender down.
/// </summary>
internal sealed class BulkIntake(PaymentIntake intake, KnownKeys keys, IHostApplicationLifetime life, TimeProvider clock, ILogger<BulkIntake> log)
    : IDisposable
{
    /// <summary>Streams at once; each may hold a window of lines.</summary>
    public const int StreamsMax = 64;

    /// <summary>Streams of one key at once.</summary>
    public const int OwnMax = StreamsMax / 4;

    /// <summary>The protocol that a connection is switched to for a client that can't read answers while it writes its request.</summary>
    private const string UpgradeName = "ndjson";

    /// <summary>Bytes that are read or written at once on a switched connection.</summary>
    private const int Piece = 65_536;

    private static readonly byte[] NewLine = "\n"u8.ToArray();

    private readonly FairPlaces places = new(StreamsMax, OwnMax);

    /// <exception cref="HubBusyException">As many streams as may be are open.</exception>
    public async Task RunAsync(HttpContext http, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(http);
        using var place = places.TryTake(http.User.FindFirstValue(ClaimTypes.NameIdentifier)!)
            ?? throw new HubBusyException($"As many streams are open as may be: {OwnMax} of one key, {StreamsMax} of all.", TimeSpan.FromSeconds(2));
        await TakeStreamAsync(http, cancellation);
    }

    /// <summary>Ends it.</summary>
    public void Dispose() => places.Dispose();

    private async Task TakeStreamAsync(HttpContext http, CancellationToken cancellation)
    {
        var sender = new StreamSender(intake, keys, http, clock);
        await sender.FindAsync(cancellation); // when the database is away this is answered as ever; later the lines tell
        var envelope = Envelope.Of(http, clock.GetUtcNow());
        if (http.Request.Headers.Upgrade == UpgradeName && http.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true } upgrade)
        {
            http.Response.Headers.Upgrade = UpgradeName;
            await using var stream = await upgrade.UpgradeAsync();
            // Nobody ends such a stream but its sender: a silo that stops reads no further, answers what it has read, and closes.
            var (lines, answers) = (PipeReader.Create(stream, new(bufferSize: Piece)), PipeWriter.Create(stream, new(minimumBufferSize: Piece)));
            await ServeAsync(lines, answers, sender, envelope, life.ApplicationStopping, cancellation);
            return;
        }

        http.Features.Get<Microsoft.AspNetCore.Server.Kestrel.Core.Features.IHttpMinRequestBodyDataRateFeature>()?.MinDataRate = null;
        http.Response.ContentType = "application/x-ndjson";
        await ServeAsync(http.Request.BodyReader, http.Response.BodyWriter, sender, envelope, CancellationToken.None, cancellation);
    }

    private async Task ServeAsync(
        PipeReader lines, PipeWriter answers, StreamSender sender, string envelope, CancellationToken enough, CancellationToken cancellation)
    {
        var window = new BulkWindow();
        using var over = new CancellationTokenSource();
        using var broken = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(broken.Token, enough);
        using var watch = new StreamWatch(sender, clock, reading.Token);
        var watching = watch.RunAsync(broken, over.Token);
        var answering = AnswerAsync(answers, window.Answers, watch, broken);
        try
        {
            await ReadAsync(lines, sender, envelope, window, watch, reading.Token);
            window.End(null);
        }
        catch (Exception e)
        {
            window.End(e is OperationCanceledException ? null : e);
        }

        try
        {
            await answering;
        }
        finally
        {
            await over.CancelAsync();
            await watching;
        }
    }

    private async Task ReadAsync(
        PipeReader body, StreamSender sender, string envelope, BulkWindow window, StreamWatch watch, CancellationToken cancellation)
    {
        long number = 0;
        while (true)
        {
            ReadResult read;
            try
            {
                read = await watch.ReadAsync(body);
            }
            catch (OperationCanceledException) when (watch.Why is { } why && !cancellation.IsCancellationRequested)
            {
                await window.AddAsync(Task.FromResult(Refused(number + 1, why)), cancellation);
                return;
            }

            var buffer = read.Buffer;
            while (buffer.PositionOf((byte)'\n') is { } end)
            {
                number++;
                var line = buffer.Slice(0, end);
                buffer = buffer.Slice(buffer.GetPosition(1, end));
                if (await TakeLineAsync(line, number, sender, envelope, window, cancellation)) continue;
                body.AdvanceTo(read.Buffer.End);
                return;
            }

            if (read.IsCompleted)
            {
                if (!buffer.IsEmpty) await TakeLineAsync(buffer, number + 1, sender, envelope, window, cancellation);
                // Without this the connection could not be used again.
                body.AdvanceTo(read.Buffer.End);
                return;
            }

            if (buffer.Length > RequestBody.Max)
            {
                // Without its end the next line can't be found: the stream ends here, and says so.
                await window.AddAsync(Task.FromResult(Refused(number + 1, new Refusal("line-too-long", $"A line has at most {RequestBody.Max / 1024} KiB; the stream is not read any further."))), cancellation);
                body.AdvanceTo(read.Buffer.End);
                return;
            }

            body.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    /// <returns>Whether further lines are read.</returns>
    private async ValueTask<bool> TakeLineAsync(
        ReadOnlySequence<byte> line, long number, StreamSender sender, string envelope, BulkWindow window, CancellationToken cancellation)
    {
        if (line.Length > RequestBody.Max)
        {
            await window.AddAsync(Task.FromResult(Refused(number, new Refusal("line-too-long", $"A line has at most {RequestBody.Max / 1024} KiB."))), cancellation);
            return true;
        }

        if (await sender.FindAsync(cancellation) is not { } known)
        {
            await window.AddAsync(Task.FromResult(Refused(number, StreamWatch.Gone)), cancellation);
            return false;
        }

        await window.EnterAsync((int)line.Length, cancellation);
        var bytes = line.ToArray();
        if (bytes.AsSpan().TrimEnd("\r \t"u8).IsEmpty) window.Leave(bytes.Length);
        else await window.AddAsync(TakeAsync(bytes, number, known, envelope, window, window.NextPlace()), cancellation);
        return true;
    }

    private async Task<BulkLine> TakeAsync(byte[] bytes, long number, Sender sender, string envelope, BulkWindow window, StreamPlace place)
    {
        try
        {
            var draft = new PaymentDraft();
            var read = PaymentReader.Read(bytes, null, draft);
            var outcome = await intake.TakeAsync(read, draft, bytes, envelope, sender, place, CancellationToken.None);
            return outcome.Accepted is { } taken ? Taken(number, taken) : Refused(number, outcome.Refused!);
        }
        catch (HubBusyException e)
        {
            return new BulkLine { Line = number, Status = 503, Code = "busy", Detail = $"{e.Message} Send this line again; nothing is taken twice." };
        }
        catch (Exception e)
        {
            // One line's trouble must not end the stream: each line gets its answer.
            return Failed(number, e);
        }
        finally
        {
            place.Leave();
            window.Leave(bytes.Length);
        }
    }

    /// <summary>Writes the answers in order; many share a flush.</summary>
    private static async Task AnswerAsync(PipeWriter body, ChannelReader<Task<BulkLine>> window, StreamWatch watch, CancellationTokenSource broken)
    {
        using var json = new Utf8JsonWriter(body, new JsonWriterOptions { SkipValidation = true });
        try
        {
            var unflushed = 0;
            while (await window.WaitToReadAsync(CancellationToken.None))
            {
                while (window.TryPeek(out var next))
                {
                    if (!next.IsCompleted && unflushed > 0) unflushed = await FlushAsync(body, watch, broken.Token);
                    JsonSerializer.Serialize(json, await next, MoMoJson.Default.BulkLine);
                    json.Flush();
                    json.Reset();
                    body.Write(NewLine);
                    window.TryRead(out _);
                    if (++unflushed >= 256) unflushed = await FlushAsync(body, watch, broken.Token);
                }

                // Nothing follows for now, and the sender may be waiting for just these answers.
                if (unflushed > 0) unflushed = await FlushAsync(body, watch, broken.Token);
            }

            await FlushAsync(body, watch, broken.Token);
        }
        catch (Exception e)
        {
            // Nobody hears the answers any more: stop reading too. What was taken stays taken; sending it again is safe.
            await broken.CancelAsync();
            if (e is not (OperationCanceledException or IOException)) throw;
        }
    }

    private static async ValueTask<int> FlushAsync(PipeWriter body, StreamWatch watch, CancellationToken cancellation)
    {
        await watch.FlushAsync(body, cancellation);
        return 0;
    }

    private BulkLine Failed(long number, Exception fault)
    {
        if (fault is NpgsqlException)
            return new BulkLine { Line = number, Status = 503, Code = "database-away", Detail = "The hub's database does not answer. Send this line again; nothing is taken twice." };
        log.LogError(fault, "Line {Line} of a stream failed.", number);
        return new BulkLine { Line = number, Status = 500, Code = "internal", Detail = "The hub has a fault; it was logged. Send this line again later; nothing is taken twice." };
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
        new() { Line = number, Status = Problems.StatusOf(refusal), Code = refusal.Code, Detail = refusal.Detail, Errors = Problems.Errors(refusal) };
}
