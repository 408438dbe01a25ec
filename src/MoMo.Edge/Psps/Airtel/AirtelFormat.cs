using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MoMo.Domain.Callbacks;
using MoMo.Domain.Files;
using MoMo.Domain.Payments;
using MoMo.Edge.Formats;
using MoMo.Engine;

namespace MoMo.Edge.Psps.Airtel;

/// <summary>
/// Airtel Money collections. The message tells of a transaction by our id and Airtel's, and names its amount in free text only, so it is never a
/// payment of its own: whoever asked for the money knows the amount, or enquires. With a <c>hash_key</c> the message must carry the base64
/// HMAC-SHA256 of its transaction's JSON; which text Airtel signs exactly is to be confirmed with it, so the transaction is taken as it stands in the
/// body, or without the blanks between its tokens.
/// Settings: <c>addresses</c>.
/// </summary>
public sealed class AirtelFormat : CallbackFormat
{
    private const string HashKey = "hash_key";

    /// <inheritdoc/>
    public override string Name => "airtel-money";

    /// <inheritdoc/>
    public override IReadOnlyList<CredentialKind> Credentials => [new(HashKey, "the key of callback authentication; without it Airtel signs nothing")];

    /// <inheritdoc/>
    public override Refusal? Check(CallbackMessage message, CallbackSource source)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(source);
        if (source.Secrets.Of(HashKey).Count == 0) return null;
        if (MessageJson.Parse(message.Body).Accepted is not { } fields || fields.Loose("hash", 200) is not { } given) return Signature.Missing("hash");
        var transaction = fields.Value("transaction");
        if (transaction.ValueKind != JsonValueKind.Object) return Signature.Wrong;
        var text = transaction.GetRawText();
        var wrong = Signature.Check(source, HashKey, [given], secret => Hash(secret, text));
        return wrong is null ? null : Signature.Check(source, HashKey, [given], secret => Hash(secret, Compact(text)));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Entry> Read(CallbackMessage message, CallbackSource source)
    {
        ArgumentNullException.ThrowIfNull(message);
        var parsed = MessageJson.Parse(message.Body, "A message of Airtel");
        if (parsed.Accepted is not { } fields) return Fault(parsed.Refused!);
        var transaction = fields.Section("transaction");
        var id = transaction.Needed("id", PaymentNotice.PspReferenceMax);
        var status = transaction.Needed("status_code", 40);
        var ours = transaction.Loose("airtel_money_id", PaymentNotice.PspReferenceMax);
        if (fields.Refused is { } refusal) return Fault(refusal);
        return
        [
            status switch
            {
                "TS" => new NoticeEntry(1, NoticeKind.Info, ours ?? id, null, $"Paid: {id}. Its amount is in the request, or GET /standard/v1/payments/{id}."),
                "TF" => new NoticeEntry(1, NoticeKind.Failed, ours ?? id, null, $"Failed: {id}."),
                _ => new NoticeEntry(1, NoticeKind.Pending, ours ?? id, null, $"Status {status}: {id}. Enquire: GET /standard/v1/payments/{id}."),
            },
        ];
    }

    private static string Hash(byte[] secret, string text) => Convert.ToBase64String(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(text)));

    /// <summary>The same tokens without the blanks between them.</summary>
    private static string Compact(string json)
    {
        var compact = new StringBuilder(json.Length);
        var (quoted, escaped) = (false, false);
        foreach (var letter in json)
        {
            if (!quoted && letter is (' ' or '\t' or '\r' or '\n')) continue;
            compact.Append(letter);
            if (letter == '"' && !escaped) quoted = !quoted;
            escaped = quoted && letter == '\\' && !escaped;
        }

        return compact.ToString();
    }
}
