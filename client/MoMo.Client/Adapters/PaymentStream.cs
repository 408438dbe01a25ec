using System.Buffers;
using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Threading.Channels;
using MoMo.Client.Wire;

namespace MoMo.Client.Adapters;

/// <summary>
/// Payments on their way to the hub, on one stream with an acknowledgement each. A stream that breaks is opened again, and what was not
/// acknowledged goes first, in its order: the hub knows repeats, so nothing is lost and nothing counts twice.
/// </summary>
internal sealed class PaymentStream : IAsyncDisposable
{
    private const string Path = "v1/payments/bulk";
    private const int FaultsMax = 5;
    private const int FlushAt = 65_536;
    private static readonly StreamPipeReaderOptions ReaderOptions = new(bufferSize: FlushAt);
    private static readonly StreamPipeWriterOptions WriterOptions = new(minimumBufferSize: FlushAt);
    private static readonly TimeSpan WaitMin = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan BusyWait = TimeSpan.FromSeconds(1);

    private readonly Transport transport;
    private readonly AdapterHostOptions options;
    private readonly TimeProvider clock;
    private readonly Channel<PendingPayment> given = Channel.CreateUnbounded<PendingPayment>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ConcurrentQueue<PendingPayment> inFlight = new();
    private readonly SemaphoreSlim room;
    private readonly CancellationTokenSource stop = new();
    private readonly Lock gate = new();
    private readonly Task running;
    private Queue<PendingPayment> again = [];
    private long numbers;
    private long answered;
    private bool closed;
    private bool oneWay;

    public PaymentStream(Transport transport, AdapterHostOptions options, TimeProvider clock)
    {
        (this.transport, this.options, this.clock) = (transport, options, clock);
        room = new SemaphoreSlim(options.WindowMax, options.WindowMax);
        running = Task.Run(() => RunAsync(stop.Token));
    }

    /// <summary>Takes a payment as soon as there is room.</summary>
    /// <returns>Its acknowledgement, to come.</returns>
    public async ValueTask<Task<BulkLine>> EnqueueAsync(NewPayment payment, CancellationToken cancellation)
    {
        var pending = new PendingPayment(payment);
        await room.WaitAsync(cancellation);
        lock (gate)
        {
            if (!closed)
            {
                pending.Number = ++numbers;
                given.Writer.TryWrite(pending);
                return pending.Task;
            }
        }

        room.Release();
        throw new InvalidOperationException("The adapter host is stopping and takes no more payments.");
    }

    /// <summary>Takes nothing more, and ends when all that was given is acknowledged.</summary>
    public async Task DrainAsync(CancellationToken cancellation)
    {
        lock (gate) closed = true;
        // Who has all the room knows that nobody is under way.
        var taken = 0;
        try
        {
            for (; taken < options.WindowMax; taken++) await room.WaitAsync(cancellation);
        }
        finally
        {
            // Whoever still waits for room is to learn that there will be none.
            if (taken > 0) room.Release(taken);
        }
    }

    /// <summary>Stops at once. What is not acknowledged is cancelled.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (gate) closed = true;
        await stop.CancelAsync();
        await running;
        while (Take(out var pending))
        {
            pending.TrySetCanceled();
            room.Release();
        }
    }

    private async Task RunAsync(CancellationToken cancellation)
    {
        var wait = WaitMin;
        while (!cancellation.IsCancellationRequested)
        {
            var before = answered;
            TimeSpan? asked = null;
            try
            {
                if (again.Count == 0) await given.Reader.WaitToReadAsync(cancellation);
                if (oneWay) await SendBatchAsync(cancellation);
                else await ServeAsync(cancellation);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch (MoMoException e) when ((int)e.Status is >= 400 and < 500 && e.Status is not (HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout))
            {
                // Sending again would be refused again: whoever waits is told.
                while (Take(out var pending)) Fail(pending, e);
            }
            catch (Exception e) when (e is HttpRequestException or IOException or MoMoException or OperationCanceledException or JsonException or ObjectDisposedException)
            {
                asked = (e as MoMoException)?.RetryAfter;
                options.Trouble?.Invoke(e);
            }

            if (answered > before) wait = WaitMin;
            if (oneWay && answered > before && asked is null) continue;
            await Task.Delay(asked ?? wait, clock, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            wait = wait * 2 > WaitMax ? WaitMax : wait * 2;
        }
    }

    /// <summary>Opens a stream and uses it until it breaks.</summary>
    private async Task ServeAsync(CancellationToken cancellation)
    {
        using var response = await OpenAsync(cancellation);
        if (response is null) return;
        var stream = await response.Content.ReadAsStreamAsync(cancellation);
        using var cut = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var (lines, answers) = (PipeWriter.Create(stream, WriterOptions), PipeReader.Create(stream, ReaderOptions));
        Task[] parts = [WriteAsync(lines, cut.Token), ReadAsync(answers, cut.Token), WatchAsync(cut.Token)];
        try
        {
            await await Task.WhenAny(parts);
        }
        finally
        {
            await cut.CancelAsync();
            await stream.DisposeAsync();
            await Task.WhenAll(parts).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            again = new Queue<PendingPayment>(inFlight.Concat(again));
            inFlight.Clear();
        }
    }

    /// <summary>
    /// Asks the hub to make the connection a plain stream both ways: a client that speaks HTTP/1.1 reads no answer before its request is out, and a
    /// stream's request never is.
    /// </summary>
    /// <returns>The stream; null when something on the way does not let it through: from then on batches go.</returns>
    private async Task<HttpResponseMessage?> OpenAsync(CancellationToken cancellation)
    {
        var response = await transport.SendOnceAsync(
            () =>
            {
                var request = new HttpRequestMessage(HttpMethod.Post, Path)
                {
                    Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                };
                request.Headers.Connection.Add("Upgrade");
                request.Headers.Upgrade.Add(new ProductHeaderValue("ndjson"));
                return request;
            },
            cancellation);
        if (response.StatusCode == HttpStatusCode.SwitchingProtocols) return response;
        using (response)
        {
            if (!response.IsSuccessStatusCode) throw await transport.AttemptAsync(limit => Refusal.ReadAsync(response, clock, limit), cancellation);
        }

        oneWay = true;
        return null;
    }

    private async Task WriteAsync(PipeWriter stream, CancellationToken cancellation)
    {
        while (true)
        {
            while (Take(out var pending))
            {
                inFlight.Enqueue(pending);
                stream.Write(pending.Line.Span);
                if (stream.UnflushedBytes >= FlushAt) await stream.FlushAsync(cancellation);
            }

            await stream.FlushAsync(cancellation);
            await given.Reader.WaitToReadAsync(cancellation);
        }
    }

    private async Task ReadAsync(PipeReader stream, CancellationToken cancellation)
    {
        while (true)
        {
            var read = await stream.ReadAsync(cancellation);
            var buffer = read.Buffer;
            while (buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = Parse(buffer.Slice(0, end));
                buffer = buffer.Slice(buffer.GetPosition(1, end));
                if (!inFlight.TryDequeue(out var pending) && line.Code is not null) return; // it was silent, or its key is gone: the next payment opens another
                if (pending is null) throw new JsonException("The hub answered more lines than it was sent.");
                Settle(pending, line);
            }

            stream.AdvanceTo(buffer.Start, buffer.End);
            if (read.IsCompleted) return;
        }
    }

    /// <summary>Ends when payments wait and the hub is silent.</summary>
    private async Task WatchAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var (before, first) = (Interlocked.Read(ref answered), inFlight.TryPeek(out var oldest) ? oldest : null);
            await Task.Delay(options.SilenceMax, clock, cancellation);
            if (first is not null && before == Interlocked.Read(ref answered))
                throw new IOException($"The hub was silent for {options.SilenceMax} while payments waited; the stream is opened anew.");
        }
    }

    /// <summary>One request with what is there, where streams are not let through.</summary>
    private async Task SendBatchAsync(CancellationToken cancellation)
    {
        var body = new ArrayBufferWriter<byte>();
        while (inFlight.Count < BulkBatch.CountMax && body.WrittenCount < BulkBatch.SizeMax && Take(out var pending))
        {
            inFlight.Enqueue(pending);
            body.Write(pending.Line.Span);
        }

        try
        {
            await transport.AttemptAsync(limit => AskBatchAsync(body.WrittenMemory, limit), cancellation);
        }
        finally
        {
            again = new Queue<PendingPayment>(inFlight.Concat(again));
            inFlight.Clear();
        }
    }

    private async Task<bool> AskBatchAsync(ReadOnlyMemory<byte> body, CancellationToken limit)
    {
        using var response = await transport.SendOnceAsync(
            () => new HttpRequestMessage(HttpMethod.Post, Path)
            {
                Content = new ReadOnlyMemoryContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-ndjson") } },
            },
            limit);
        if (!response.IsSuccessStatusCode) throw await Refusal.ReadAsync(response, clock, limit);
        await ReadAsync(PipeReader.Create(await response.Content.ReadAsStreamAsync(limit)), limit);
        return true;
    }

    private void Settle(PendingPayment pending, BulkLine line)
    {
        Interlocked.Increment(ref answered);
        if (line.Status is 429 or 503 || (line.Status >= 500 && ++pending.Faults < FaultsMax))
        {
            _ = GiveAgainAsync(pending);
            return;
        }

        pending.TrySetResult(line with { Line = pending.Number });
        room.Release();
    }

    /// <summary>The hub was too busy for this one: it queues up again.</summary>
    private async Task GiveAgainAsync(PendingPayment pending)
    {
        await Task.Delay(BusyWait, clock, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!stop.IsCancellationRequested && given.Writer.TryWrite(pending)) return;
        pending.TrySetCanceled();
        room.Release();
    }

    private void Fail(PendingPayment pending, Exception why)
    {
        pending.TrySetException(why);
        room.Release();
    }

    private bool Take([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out PendingPayment? pending) =>
        again.TryDequeue(out pending) || given.Reader.TryRead(out pending);

    private static BulkLine Parse(ReadOnlySequence<byte> line)
    {
        var reader = new Utf8JsonReader(line);
        return JsonSerializer.Deserialize(ref reader, MoMoJson.Default.BulkLine) ?? throw new JsonException("A line is null.");
    }
}
