using MoMo.Client.Wire;
using MoMo.Storage.Management;
using MoMo.Storage.Proofs;

namespace MoMo.Silo.Api;

/// <summary>Messages that made no payment of their own: what they were, byte for byte.</summary>
internal static class MessageEndpoints
{
    private const int HexLength = 64;
    private const string AfterIsNext = "after is the 'next' of the page before.";

    extension(IEndpointRouteBuilder routes)
    {
        public void MapMessages()
        {
            var messages = routes.MapGroup("/v1/messages").WithTags("Messages").RequireAuthorization("admin");
            messages.MapGet("/", List).WithSummary("List messages that made no payment of their own, newest first.")
                .WithDescription("Refused ones, those that differ from a payment of the same psp_reference, questions before the money moved (validation), and news that is no incoming live money (pending, failed, outgoing, test-mode…).")
                .Produces<Page<MessageView>>().Refuses(400, 422);
            messages.MapGet("/{sha256}/content", Content).WithSummary("The message's bytes, exactly as they were sent.")
                .WithDescription("The header MoMo-Proof-Envelope holds, percent-encoded, the JSON of its headers, source and time.")
                .Produces(200, contentType: "application/octet-stream").Refuses(404);
        }
    }

    private static async Task<IResult> List(
        HttpContext http, MessageStore store, KnownNames names, string? payment_id, string? why, string? adapter, string? after, int? limit,
        CancellationToken cancellation)
    {
        var last = after is null ? null : Sha256(after);
        var query = new ListQuery(http).Limit(limit).Require(after is null || last is not null, "after", AfterIsNext);
        var payment = Guid.TryParse(payment_id, out var wanted) ? wanted : (Guid?)(payment_id is null ? null : Guid.Empty);
        if ((query.Refused ?? await names.CheckAsync(http, new FilterNames { Payment = payment }, cancellation)) is { } refused) return Problems.Of(refused);
        var found = await store.ListAsync(payment, why, adapter, last, query.Count + 1, cancellation);
        if (found.Accepted is { Count: 0 } && last is not null)
        {
            // Who reads all pages would take it for the end.
            query.Require(await store.FindAsync(last, cancellation) is not null, "after", AfterIsNext);
            if (query.Refused is { } lost) return Problems.Of(lost);
        }

        // An adapter that was deleted leaves its messages behind: it is unknown only when there is nothing of it.
        if (found.Accepted is not { Count: > 0 } && await names.CheckAsync(http, new FilterNames { Adapter = adapter }, cancellation) is { } unknown)
            return Problems.Of(unknown);
        return found.Match(
            messages => query.Page(messages, message => Convert.ToHexStringLower(message.Sha256), View),
            tooWide => Problems.Of(tooWide));
    }

    private static async Task<IResult> Content(string sha256, HttpContext http, MessageStore store, CancellationToken cancellation)
    {
        if (Sha256(sha256) is not { } name || await store.FindAsync(name, cancellation) is not var (envelope, body)) return NotThere.Of("message", sha256);
        http.Response.Headers["MoMo-Proof-Sha256"] = Convert.ToHexStringLower(name);
        http.Response.Headers["MoMo-Proof-Envelope"] = Uri.EscapeDataString(envelope);
        return Results.Bytes(body, "application/octet-stream", $"{Convert.ToHexStringLower(name)}.message");
    }

    private static byte[]? Sha256(string text) => text.Length == HexLength && text.All(char.IsAsciiHexDigit) ? Convert.FromHexString(text) : null;

    private static MessageView View(MessageRow row) => new()
    {
        Id = Convert.ToHexStringLower(row.Sha256),
        Psp = row.Psp,
        Adapter = row.Adapter,
        Why = row.Why,
        PaymentId = row.PaymentId?.ToString(),
        PspReference = row.PspReference,
        Amount = row.Amount?.ToText(),
        Currency = row.Amount?.Currency.Code,
        Detail = row.Detail,
        ReceivedAt = row.ReceivedAt,
    };
}
