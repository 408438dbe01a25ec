using System.Buffers;
using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text.Json;
using MoMo.Client.Wire;

namespace MoMo.Cli;

/// <summary>
/// Payments of an NDJSON file, a line each, as they stand there: what is wrong with one, the hub says. Lines that can't be a payment at all are set
/// aside, and the answers to the others get the file's line numbers.
/// </summary>
internal sealed class PaymentLines(Stream content)
{
    /// <summary>Bytes of a line that the hub reads.</summary>
    private const int LengthMax = 65_536;

    /// <summary>How deep the hub allows is the hub's to say.</summary>
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 1_000 };

    /// <summary>Line numbers of payments that are on their way; as many as the client holds at a time.</summary>
    private readonly ConcurrentQueue<long> sent = new();

    private readonly ConcurrentQueue<BulkLine> unreadable = new();

    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var reader = PipeReader.Create(content, new StreamPipeReaderOptions(bufferSize: LengthMax, leaveOpen: true));
        var within = false; // a line that is longer than is kept
        for (long number = 1; ;)
        {
            var read = await reader.ReadAsync(cancellation);
            var rest = read.Buffer;
            while (NextLine(ref rest, read.IsCompleted) is { } line)
            {
                if (within) SetAside(number, $"The line has more than {LengthMax} bytes.");
                else if (Take(line, number) is { Length: > 0 } payment) yield return payment;
                within = false;
                number++;
            }

            within |= rest.Length > LengthMax;
            if (within) rest = rest.Slice(rest.End);
            reader.AdvanceTo(rest.Start, rest.End);
            if (!read.IsCompleted) continue;
            if (within) SetAside(number, $"The line has more than {LengthMax} bytes.");
            yield break;
        }
    }

    /// <summary>The answer to the payment sent longest ago, with its line in the file.</summary>
    public BulkLine Number(BulkLine answer) =>
        sent.TryDequeue(out var number) ? answer with { Line = number } : throw new InvalidOperationException("An answer to nothing.");

    /// <summary>Lines before this one that could not be read, since this was asked last.</summary>
    public IReadOnlyList<BulkLine> TakeUnreadable(long before)
    {
        var taken = new List<BulkLine>();
        while (unreadable.TryPeek(out var line) && line.Line < before && unreadable.TryDequeue(out line)) taken.Add(line);
        return taken;
    }

    private static ReadOnlySequence<byte>? NextLine(ref ReadOnlySequence<byte> rest, bool isLast)
    {
        if (rest.PositionOf((byte)'\n') is { } end)
        {
            var line = rest.Slice(0, end);
            rest = rest.Slice(rest.GetPosition(1, end));
            return line;
        }

        if (!isLast || rest.IsEmpty) return null;
        var last = rest;
        rest = rest.Slice(rest.End);
        return last;
    }

    private ReadOnlyMemory<byte> Take(ReadOnlySequence<byte> line, long number)
    {
        if (line.Length > LengthMax)
        {
            SetAside(number, $"The line has more than {LengthMax} bytes.");
            return default;
        }

        ReadOnlyMemory<byte> payment = line.ToArray();
        if (payment.Span.StartsWith("\uFEFF"u8)) payment = payment[3..];
        if (payment.Span.TrimEnd("\r \t"u8).IsEmpty) return default;
        if (IsObject(payment.Span))
        {
            sent.Enqueue(number);
            return payment;
        }

        SetAside(
            number,
            "The line is not one payment: a JSON object in UTF-8 with psp, psp_reference, amount, currency, and account_id, reference_id, text or shortcode.");
        return default;
    }

    private static bool IsObject(ReadOnlySpan<byte> line)
    {
        try
        {
            var reader = new Utf8JsonReader(line, Options);
            return reader.Read() && reader.TokenType == JsonTokenType.StartObject && reader.TrySkip() && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private void SetAside(long number, string detail) =>
        unreadable.Enqueue(new BulkLine { Line = number, Status = 400, Code = "line-malformed", Detail = detail });
}
