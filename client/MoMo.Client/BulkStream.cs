using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using MoMo.Client.Wire;

namespace MoMo.Client;

/// <summary>Sends a stream of payments, batch by batch, while the next ones are already being read.</summary>
internal sealed class BulkStream(Transport transport)
{
    /// <summary>How long a source that was told to stop is waited for. One that reads a terminal or a pipe may not hear it.</summary>
    private static readonly TimeSpan StopMax = TimeSpan.FromSeconds(1);

    /// <summary>One request at a time, because requests side by side would mix the order of an account's payments.</summary>
    public async IAsyncEnumerable<BulkLine> SendAsync(
        IAsyncEnumerable<ReadOnlyMemory<byte>> payments, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var ready = Channel.CreateBounded<ReadOnlyMemory<byte>>(
            new BoundedChannelOptions(BulkBatch.CountMax) { SingleReader = true, SingleWriter = true });
        var pump = PumpAsync(payments, ready.Writer, stop.Token);
        try
        {
            long before = 0;
            while (await BulkBatch.TakeAsync(ready.Reader, stop.Token) is { } batch)
            {
                await foreach (var line in SendBatchAsync(batch, stop.Token)) yield return line with { Line = before + line.Line };
                before += batch.Count;
            }
        }
        finally
        {
            // Whoever stops listening stops the source as well.
            await stop.CancelAsync();
            await pump.WaitAsync(StopMax, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task PumpAsync(
        IAsyncEnumerable<ReadOnlyMemory<byte>> payments, ChannelWriter<ReadOnlyMemory<byte>> ready, CancellationToken stop)
    {
        try
        {
            await foreach (var payment in payments.WithCancellation(stop))
            {
                if (!BulkBatch.IsLine(payment.Span)) throw new ArgumentException("A payment is one line, and not a blank one.", nameof(payments));
                await ready.WriteAsync(payment, stop);
            }

            ready.Complete();
        }
        catch (Exception e)
        {
            // Thrown again where the channel is read, after the payments before it have been sent.
            ready.Complete(e);
        }
    }

    private async IAsyncEnumerable<BulkLine> SendBatchAsync(BulkBatch batch, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var response = await transport.SendAsync(() => Request(batch), Repeat.Always, cancellation);
        await using var body = await response.Content.ReadAsStreamAsync(cancellation);
        var lines = JsonSerializer.DeserializeAsyncEnumerable(body, MoMoJson.Default.BulkLine, topLevelValues: true, cancellation);

        var count = 0;
        await using var each = lines.GetAsyncEnumerator(cancellation);
        while (await NextAsync(each, response))
        {
            count++;
            yield return each.Current!;
        }

        if (count != batch.Count) throw Incomplete(response, batch.Count, count);
    }

    private static async ValueTask<bool> NextAsync(IAsyncEnumerator<BulkLine?> lines, HttpResponseMessage response)
    {
        try
        {
            if (!await lines.MoveNextAsync()) return false;
            return lines.Current is not null ? true : throw new JsonException("A line is null.");
        }
        catch (JsonException e)
        {
            throw Refusal.Unreadable(response.StatusCode, e);
        }
        catch (IOException e)
        {
            throw Transport.Lost(e);
        }
    }

    private static HttpRequestMessage Request(BulkBatch batch) => new(HttpMethod.Post, "v1/payments/bulk")
    {
        Content = new ReadOnlyMemoryContent(batch.Body) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-ndjson") } },
    };

    private static MoMoException Incomplete(HttpResponseMessage response, int sent, int answered) => new(new ProblemView
    {
        Status = (int)response.StatusCode,
        Code = "answer-incomplete",
        Detail = $"{sent} payments were sent, {answered} lines came back. Send them again: none is taken twice.",
    });
}
