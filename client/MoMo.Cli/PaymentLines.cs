using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using MoMo.Client.Wire;

namespace MoMo.Cli;

/// <summary>
/// Payments of an NDJSON file. Lines that can't be read are set aside, and the answers to the others get the file's line numbers.
/// </summary>
internal sealed class PaymentLines(Stream content)
{
    /// <summary>Characters of a line. A payment has a few thousand at most.</summary>
    private const int LengthMax = 65_536;

    /// <summary>Line numbers of payments that are on their way; as many as the client holds at a time.</summary>
    private readonly ConcurrentQueue<long> sent = new();

    private readonly ConcurrentQueue<BulkLine> unreadable = new();

    /// <summary>As strict as the hub: a typo in <c>account_id</c>, left out here, would send the money to suspense.</summary>
    private static readonly JsonTypeInfo<NewPayment> Payment = (JsonTypeInfo<NewPayment>)new JsonSerializerOptions(MoMoJson.Default.Options)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
    }.GetTypeInfo(typeof(NewPayment));

    public async IAsyncEnumerable<NewPayment> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        using var reader = new StreamReader(content, leaveOpen: true);
        for (long number = 1; await reader.ReadLineAsync(cancellation) is { } line; number++)
        {
            if (string.IsNullOrWhiteSpace(line)) continue;

            if (Parse(line, number) is not { } payment) continue;
            sent.Enqueue(number);
            yield return payment;
        }
    }

    /// <summary>The answer to the payment sent longest ago, with its line in the file.</summary>
    public BulkLine Number(BulkLine answer) =>
        sent.TryDequeue(out var number) ? answer with { Line = number } : throw new InvalidOperationException("An answer to nothing.");

    /// <summary>Lines that could not be read since this was asked last.</summary>
    public IReadOnlyList<BulkLine> TakeUnreadable()
    {
        var taken = new List<BulkLine>();
        while (unreadable.TryDequeue(out var line)) taken.Add(line);
        return taken;
    }

    private NewPayment? Parse(string line, long number)
    {
        try
        {
            if (line.Length <= LengthMax && JsonSerializer.Deserialize(line, Payment) is { } payment) return payment;
            SetAside(number, $"The line has more than {LengthMax} characters, or is null.");
        }
        catch (JsonException e)
        {
            // Below the path there are types of ours in the message, which say nothing to whoever wrote the line.
            SetAside(number, e.Path is { Length: > 1 } path && e.InnerException is not JsonException
                ? $"{path} is no field of a payment, stands twice, or is not what it should be there."
                : "The line is not one payment: a JSON object with psp, psp_reference, amount, currency, and account_id, reference_id, text or shortcode.");
        }

        return null;
    }

    private void SetAside(long number, string detail) =>
        unreadable.Enqueue(new BulkLine { Line = number, Status = 400, Code = "line-malformed", Detail = detail });
}
