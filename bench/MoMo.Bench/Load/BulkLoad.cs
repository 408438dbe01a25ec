using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using MoMo.Bench.Rows;

namespace MoMo.Bench.Load;

/// <summary>One stream of <c>POST /v1/payments/bulk</c>: lines are sent by one thread while another reads the answers.</summary>
internal sealed class BulkLoad(IPEndPoint address, string key, int accounts)
{
    private const int RowsAtOnce = 256;

    /// <summary>Sends the lines and waits for the last answer.</summary>
    public async Task<LoadResult> RunAsync(long first, int rows, CancellationToken cancellation)
    {
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(address, cancellation);
        await using var stream = client.GetStream();
        await using var cancelling = cancellation.Register(client.Dispose);
        try
        {
            var began = TimeProvider.System.GetTimestamp();
            var sending = Task.Factory.StartNew(() => Send(stream, first, rows), cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            var reading = Task.Factory.StartNew(() => Read(stream), cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            var (taken, others) = await reading;
            var seconds = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
            await sending;
            return new LoadResult { PerSecond = taken / seconds, Acknowledged = taken, Dropped = rows - taken, Note = others };
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            cancellation.ThrowIfCancellationRequested();
            throw new BenchException($"The bulk stream broke: {e.Message}", e);
        }
    }

    private void Send(NetworkStream stream, long first, int rows)
    {
        var template = new Template(Payments.Json + "\n", accounts);
        stream.Write(Encoding.ASCII.GetBytes(
            $"POST /v1/payments/bulk HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {key}\r\nContent-Type: application/x-ndjson\r\nContent-Length: {(long)rows * template.Length}\r\nConnection: close\r\n\r\n"));
        var piece = new byte[template.Length * RowsAtOnce];
        for (var place = 0; place < RowsAtOnce; place++) template.CopyTo(piece.AsSpan(place * template.Length));
        for (var done = 0; done < rows; done += RowsAtOnce)
        {
            var count = Math.Min(RowsAtOnce, rows - done);
            for (var place = 0; place < count; place++) template.Fill(piece.AsSpan(place * template.Length, template.Length), first + done + place);
            stream.Write(piece.AsSpan(0, count * template.Length));
        }
    }

    /// <summary>Counts the lines that say 201, and what the others say.</summary>
    private static (long Taken, string Others) Read(NetworkStream stream)
    {
        using var body = new ChunkedReader(stream);
        if (body.Status != 200) throw new BenchException($"POST /v1/payments/bulk answered {body.Status}: {body.ReadLine()}");
        long taken = 0;
        SortedDictionary<int, long> others = [];
        while (body.NextLine(out var line))
        {
            var place = line.IndexOf("\"status\":"u8);
            if (place < 0 || !Utf8Parser.TryParse(line[(place + 9)..], out int status, out _)) status = 0;
            if (status == 201) taken++;
            else others[status] = others.GetValueOrDefault(status) + 1;
        }

        return (taken, string.Join(", ", others.Select(other => string.Create(CultureInfo.InvariantCulture, $"{other.Value} status {other.Key}"))));
    }
}
