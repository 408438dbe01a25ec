using System.Runtime.CompilerServices;
using System.Text.Json;
using MoMo.Domain.Files;
using MoMo.Domain.Payments;
using MoMo.Edge.Formats;
using MoMo.Edge.Formats.Json;
using MoMo.Engine;

namespace MoMo.Edge.Psps.MPesa;

/// <summary>
/// Answers of Daraja's Pull Transactions API, the list of what customers paid to a shortcode in the last 48 hours. The transactionId is the TransID of the
/// C2B confirmation, so the payment is the same one. Settings: <see cref="DarajaPullSettings"/>. A position is a transaction, from 1. Limits: 64 MiB an
/// answer, which is held in memory as a whole.
/// </summary>
/// <remarks>
/// Held as a fault: <c>message-malformed</c>. The file is refused for <c>settings-invalid</c>, <c>malformed-json</c>, <c>file-too-long</c>,
/// <c>items-missing</c>, and <c>response-refused</c> (Daraja says that it failed).
/// </remarks>
public sealed class DarajaPullFormat : IStatementFormat
{
    private const string Nothing = "1001";
    private static readonly TimeZoneInfo EastAfrica = TimeZoneInfo.FindSystemTimeZoneById("Africa/Nairobi");

    /// <inheritdoc/>
    public string Name => "mpesa-pull";

    /// <inheritdoc/>
    public IAsyncEnumerable<Entry> ReadAsync(Stream file, StatementSource source, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(source);
        return RefusedFile.ReadAsync(DarajaPullSettings.Parse(source.Settings), settings => EntriesAsync(file, source, settings, cancellation), cancellation);
    }

    private static async IAsyncEnumerable<Entry> EntriesAsync(
        Stream file, StatementSource source, DarajaPullSettings settings, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var document = await ForeignJson.ParseAsync(file, cancellation);
        var position = 0;
        foreach (var transaction in Transactions(document.RootElement))
        {
            cancellation.ThrowIfCancellationRequested();
            yield return Read(new MessageFields(transaction), ++position, source, settings);
        }
    }

    private static IEnumerable<JsonElement> Transactions(JsonElement root)
    {
        if (!JsonText.IsUnicode(root)) throw new FileFaultException("malformed-json", "The answer holds text that is not Unicode.");
        var answer = new MessageFields(root);
        var code = answer.Loose("ResponseCode", 20);
        // Daraja's documents say 1000 for yes in one place and 0 in another; 1001 that there is nothing.
        if (code == Nothing) return [];
        if (code is not (null or "1000" or "0"))
            throw new FileFaultException("response-refused", $"Daraja answers {code}: {answer.Loose("ResponseMessage", 200) ?? "no word why"}.");
        if (answer.Value("Response") is not { ValueKind: JsonValueKind.Array } list)
            throw new FileFaultException("items-missing", "The answer has no list of transactions at Response.");
        // The list of transactions stands in a list.
        return list.EnumerateArray().SelectMany<JsonElement, JsonElement>(one => one.ValueKind == JsonValueKind.Array ? one.EnumerateArray() : [one]);
    }

    private static Entry Read(MessageFields fields, int position, StatementSource source, DarajaPullSettings settings)
    {
        var id = fields.Needed("transactionId", PaymentNotice.PspReferenceMax);
        var text = fields.Needed("amount", Money.TextMax);
        var amount = text is null ? null : Money.Parse(text, "KES").Match<Money?>(money => money, refusal =>
        {
            fields.Fault("amount", refusal.Code, refusal.Detail);
            return null;
        });
        var type = fields.Loose("transactiontype", 60);
        var paidAt = ReadTime(fields);
        if (fields.Refused is { } refused || id is null || amount is null || paidAt is null)
            return new FaultEntry(position, "message-malformed", string.Join(' ', fields.Faults.Select(fault => $"{fault.Field}: {fault.Detail}")));
        if (!settings.IsPayment(type))
            return new NoticeEntry(position, NoticeKind.Info, id, amount, $"Its transactiontype is {type ?? "missing"}, which is none of types.");

        var name = ForeignText.Clean(fields.Loose("sender", 200), ForeignText.PayerNameMax);
        var phone = fields.Loose("msisdn", ForeignText.PayerNumberMax);
        return new PaymentEntry(position, new PaymentNotice
        {
            Psp = source.Psp,
            Adapter = source.Adapter,
            PspReference = id,
            Amount = amount,
            Text = fields.Loose("billreference", ForeignText.TextMax),
            Shortcode = settings.Shortcode,
            PaidAt = paidAt,
            Payer = name is null && phone is null ? null : new Payer(name, phone, null),
        });
    }

    /// <summary>ISO 8601, with a blank for the T as well; without a zone it is East Africa Time, as everywhere else at Daraja.</summary>
    private static PaidAt? ReadTime(MessageFields fields)
    {
        if (fields.Needed("trxDate", 40) is not { } text) return null;
        if (ForeignTime.ReadIso(text.Length > 10 && text[10] == ' ' ? $"{text[..10]}T{text[11..]}" : text, EastAfrica) is { } time) return time;
        fields.Fault("trxDate", "time-malformed", "The time is not ISO 8601.");
        return null;
    }
}
