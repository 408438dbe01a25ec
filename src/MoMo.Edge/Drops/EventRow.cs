using System.Globalization;
using System.Text;
using MoMo.Domain.Deliveries;
using MoMo.Domain.Payments;
using MoMo.Domain.Reversals;

namespace MoMo.Edge.Drops;

/// <summary>
/// An event as a line of CSV, with the names that a webhook's body has. A column never moves, and none is taken away: new ones come at the end, as
/// some readers count them.
/// </summary>
internal static class EventRow
{
    private static readonly string[] Columns =
    [
        "delivery_id", "type", "id", "account_id", "sequence", "reference_id", "psp", "psp_reference", "amount", "currency", "paid_at", "received_at",
        "payer_name", "payer_phone", "payer_account", "text", "shortcode",
        "timestamp", "adapter", "state", "detail", "reason", "payment_id", "payment_sequence", "payment_psp_reference", "payment_amount",
    ];

    /// <summary>The columns' names.</summary>
    public static byte[] Header { get; } = Line(Columns);

    /// <summary>The event, with the end of its line.</summary>
    public static byte[] Of(DeliveryMessage message) => Line(message.Due switch
    {
        { Payment: { } payment, Reversal: { } reversal } => Reversed(message.DeliveryId, reversal, payment),
        { Payment: { } payment } => Paid(message.DeliveryId, payment),
        { Adapter: { } news } => State(message.DeliveryId, news),
        // As another kind of event it would be believed.
        _ => throw new ArgumentException($"Delivery {message.DeliveryId} tells of nothing.", nameof(message)),
    });

    private static string?[] Paid(Guid delivery, Payment payment)
    {
        var notice = payment.Notice;
        return
        [
            delivery.ToString(), payment.Assignment is null ? EventTypes.Accepted : EventTypes.Assigned, payment.Id.ToString(), payment.AccountId,
            Number(payment.Sequence), payment.ReferenceId, notice.Psp, notice.PspReference, notice.Amount.ToText(), notice.Amount.Currency.Code,
            Time(notice.PaidAt), Time(payment.ReceivedAt), notice.Payer?.Name, notice.Payer?.Phone, notice.Payer?.Account, notice.Text, notice.Shortcode,
            Time(payment.Assignment?.At ?? payment.ReceivedAt), notice.Adapter, null, null, null, null, null, null, null,
        ];
    }

    /// <summary>Its own id, number, psp_reference and amount, which may be a part; what it takes back is named at the end.</summary>
    private static string?[] Reversed(Guid delivery, Reversal reversal, Payment payment)
    {
        var notice = reversal.Notice;
        return
        [
            delivery.ToString(), EventTypes.Reversed, reversal.Id.ToString(), reversal.AccountId,
            Number(reversal.Sequence), payment.ReferenceId, notice.Psp, notice.PspReference, notice.Amount.ToText(), notice.Amount.Currency.Code,
            null, Time(reversal.ReceivedAt), null, null, null, null, null,
            Time(reversal.ReceivedAt), notice.Adapter, null, null, notice.Detail,
            payment.Id.ToString(), Number(payment.Sequence), payment.Notice.PspReference, payment.Notice.Amount.ToText(),
        ];
    }

    private static string?[] State(Guid delivery, AdapterNews news) =>
    [
        delivery.ToString(), EventTypes.AdapterState, news.Id.ToString(), null, null, null, news.Psp, null, null, null, null, Time(news.At), null, null, null,
        $"{news.AdapterId} is {news.State}{(news.Detail is null ? "" : $": {news.Detail}")}", null,
        Time(news.At), news.AdapterId, news.State, news.Detail, null, null, null, null, null,
    ];

    private static string? Number(long? number) => number?.ToString(CultureInfo.InvariantCulture);

    private static string? Time(PaidAt? paid) =>
        paid is { DayOnly: true } ? paid.Instant.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : Time(paid?.Instant);

    private static string? Time(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);

    /// <summary>A line as RFC 4180 has it.</summary>
    private static byte[] Line(string?[] cells) => Encoding.UTF8.GetBytes(string.Join(',', cells.Select(Cell)) + "\r\n");

    private static string Cell(string? text) => text is not null && text.AsSpan().IndexOfAny(",\"\r\n") >= 0
        ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
        : text ?? "";
}
