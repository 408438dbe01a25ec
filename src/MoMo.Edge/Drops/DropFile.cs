using System.Globalization;
using System.Text;
using MoMo.Domain.Deliveries;

namespace MoMo.Edge.Drops;

/// <summary>Deliveries as a file.</summary>
internal static class DropFile
{
    private static readonly string[] Columns =
    [
        "delivery_id", "type", "id", "account_id", "sequence", "reference_id", "psp", "psp_reference", "amount", "currency", "paid_at", "received_at",
        "payer_name", "payer_phone", "payer_account", "text", "shortcode",
    ];

    /// <summary>
    /// The file's name: of the first delivery, so that an attempt that comes again replaces what the one before may have left; and of its round, so
    /// that what a person asks for again, in other company, does not replace what has arrived.
    /// </summary>
    public static string Name(DropSettings settings, DeliveryMessage first)
    {
        var round = first.Due?.RoundStart is > 0 and var start ? string.Create(CultureInfo.InvariantCulture, $"-r{start}") : "";
        return string.Create(CultureInfo.InvariantCulture, $"{settings.Prefix}{first.Due?.Sequence ?? 0:D12}-{first.DeliveryId}{round}.{settings.Format}");
    }

    public static byte[] Write(string format, IReadOnlyList<DeliveryMessage> messages)
    {
        using var file = new MemoryStream();
        if (format == "csv") file.Write(Row(Columns));
        foreach (var message in messages)
        {
            if (format == "csv")
            {
                file.Write(Row(Cells(message)));
                continue;
            }

            file.Write(EventLine.Of(message));
            file.Write("\n"u8);
        }

        return file.ToArray();
    }

    private static string?[] Cells(DeliveryMessage message)
    {
        var id = message.DeliveryId.ToString();
        if (message.Due is not { Payment: { } payment } due)
        {
            var news = message.Due?.Adapter;
            return
            [
                id, EventTypes.AdapterState, news?.Id.ToString(), null, null, null, news?.Psp, null, null, null, null, Time(news?.At), null, null, null,
                news is null ? null : $"{news.AdapterId} is {news.State}{(news.Detail is null ? "" : $": {news.Detail}")}", null,
            ];
        }

        var notice = payment.Notice;
        var paid = notice.PaidAt;
        return
        [
            id, payment.Assignment is null ? EventTypes.Accepted : EventTypes.Assigned, payment.Id.ToString(), payment.AccountId,
            due.Sequence.ToString(CultureInfo.InvariantCulture), payment.ReferenceId, notice.Psp, notice.PspReference, notice.Amount.ToText(),
            notice.Amount.Currency.Code, paid is { DayOnly: true } ? paid.Instant.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : Time(paid?.Instant),
            Time(payment.ReceivedAt), notice.Payer?.Name, notice.Payer?.Phone, notice.Payer?.Account, notice.Text, notice.Shortcode,
        ];
    }

    private static string? Time(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);

    /// <summary>A line as RFC 4180 has it.</summary>
    private static byte[] Row(string?[] cells) => Encoding.UTF8.GetBytes(string.Join(',', cells.Select(Cell)) + "\r\n");

    private static string Cell(string? text) => text is not null && text.AsSpan().IndexOfAny(",\"\r\n") >= 0
        ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
        : text ?? "";
}
