using System.Globalization;
using System.Text;
using MoMo.Domain;
using MoMo.Domain.Deliveries;
using MoMo.Domain.Payments;

namespace MoMo.Edge.Mail;

/// <summary>Deliveries as people read them.</summary>
internal static class MailText
{
    private const string Time = "yyyy-MM-dd HH:mm:ss 'UTC'";

    /// <summary>What the message is about, in one line.</summary>
    public static string Subject(IReadOnlyList<DeliveryMessage> messages)
    {
        if (messages.Count == 1) return Title(messages[0].Due);
        var payments = messages.Count(one => one.Due is { Payment: not null, Reversal: null });
        var account = messages[0].Due?.Payment?.AccountId;
        return payments == messages.Count
            ? string.Create(CultureInfo.InvariantCulture, $"{payments} payments for {account}")
            : string.Create(CultureInfo.InvariantCulture, $"{messages.Count} messages about payments, reversals and adapters");
    }

    /// <summary>Each delivery, a fact a line.</summary>
    public static string Body(IReadOnlyList<DeliveryMessage> messages)
    {
        var text = new StringBuilder();
        foreach (var message in messages)
        {
            text.Append(Title(message.Due)).Append("\n\n");
            foreach (var (name, value) in Facts(message))
                if (!string.IsNullOrEmpty(value)) text.Append(CultureInfo.InvariantCulture, $"{name,-15}{Line(value)}\n");
            text.Append('\n');
        }

        return text.Append("The attached file has the same for programs. A message that comes again has the same delivery.\n").ToString();
    }

    private static string Title(DueDelivery? due) => due switch
    {
        { Reversal: { } back } => string.Create(
            CultureInfo.InvariantCulture,
            $"Reversal {back.Sequence} for {back.AccountId}: {back.Notice.Amount.ToText()} {back.Notice.Amount.Currency.Code} taken back"),
        { Payment: { } payment } => string.Create(
            CultureInfo.InvariantCulture,
            $"Payment {payment.Sequence} for {payment.AccountId}: {payment.Notice.Amount.ToText()} {payment.Notice.Amount.Currency.Code}"),
        { Adapter: { } news } => $"Adapter {news.AdapterId} is {news.State}",
        _ => "News of the hub",
    };

    private static IEnumerable<(string Name, string? Value)> Facts(DeliveryMessage message)
    {
        if (message.Due?.Payment is { } payment)
        {
            var notice = payment.Notice;
            if (message.Due.Reversal is { } back)
            {
                yield return ("Taken back", back.ReceivedAt.UtcDateTime.ToString(Time, CultureInfo.InvariantCulture));
                yield return ("By", $"{back.Notice.Psp}, {back.Notice.PspReference}");
                yield return ("Why", back.Notice.Detail);
                yield return ("Of the payment", string.Create(CultureInfo.InvariantCulture, $"{payment.Sequence}, {notice.Amount.ToText()} {notice.Amount.Currency.Code}"));
            }

            yield return ("Reference", payment.ReferenceId);
            yield return ("Paid by", Join(notice.Payer));
            yield return ("Text", notice.Text);
            yield return ("Paid", notice.PaidAt is { } paid ? paid.Instant.UtcDateTime.ToString(paid.DayOnly ? "yyyy-MM-dd" : Time, CultureInfo.InvariantCulture) : null);
            yield return ("Received", payment.ReceivedAt.UtcDateTime.ToString(Time, CultureInfo.InvariantCulture));
            yield return ("PSP", $"{notice.Psp}, {notice.PspReference}");
            if (payment.Assignment is { } assigned) yield return ("Assigned", assigned.At.UtcDateTime.ToString(Time, CultureInfo.InvariantCulture));
            yield return ("Payment", payment.Id.ToString());
        }
        else if (message.Due?.Adapter is { } news)
        {
            yield return ("PSP", news.Psp);
            yield return ("Since", news.At.UtcDateTime.ToString(Time, CultureInfo.InvariantCulture));
            yield return ("Detail", news.Detail);
        }

        yield return ("Delivery", message.DeliveryId.ToString());
    }

    private static string? Join(Payer? payer) =>
        payer is null ? null : string.Join(", ", new[] { payer.Name, payer.Phone, payer.Account }.Where(part => !string.IsNullOrEmpty(part)));

    private static string Line(string text) => new([.. text.Select(letter => UnfitCharacters.Has(letter) ? ' ' : letter)]);
}
