using System.Globalization;
using System.Text;
using MoMo.Domain.Deliveries;
using MoMo.Edge.Drops;

namespace MoMo.Edge.Mail;

/// <summary>
/// Writes deliveries as one message (RFC 5322, 2045, 2046): text for people and the events as an attachment, all in short lines of ASCII. The same
/// deliveries have the same Message-ID on every attempt, and others another, so that a mailbox may drop what comes again and nothing else.
/// </summary>
internal static class MailWriter
{
    private const int LineMax = 76;

    /// <param name="messages">At least one.</param>
    /// <param name="from">The sender.</param>
    /// <param name="fromName">The sender's name.</param>
    /// <param name="to">Who gets it.</param>
    /// <param name="at">When it is sent.</param>
    public static byte[] Write(IReadOnlyList<DeliveryMessage> messages, MailAddress from, string fromName, MailAddress to, DateTimeOffset at)
    {
        var key = BatchKey.Of(messages);
        // No line of quoted-printable or base64 can have "=_".
        var boundary = $"=_momo_{key}";
        var mail = new StringBuilder();
        Header(mail, "Date", at.UtcDateTime.ToString("ddd, dd MMM yyyy HH:mm:ss '+0000'", CultureInfo.InvariantCulture));
        Header(mail, "From", $"{EncodedWords.Phrase(fromName)}\r\n <{from}>");
        Header(mail, "To", $"<{to}>");
        Header(mail, "Subject", EncodedWords.Of(MailText.Subject(messages)));
        Header(mail, "Message-ID", $"<{key}@{from.Domain}>");
        if (messages.Count == 1) Header(mail, "X-MoMo-Delivery", messages[0].DeliveryId.ToString());
        Header(mail, "Auto-Submitted", "auto-generated");
        Header(mail, "MIME-Version", "1.0");
        Header(mail, "Content-Type", $"multipart/mixed;\r\n boundary=\"{boundary}\"");
        mail.Append("\r\n--").Append(boundary).Append("\r\n");
        Header(mail, "Content-Type", "text/plain; charset=utf-8");
        Header(mail, "Content-Transfer-Encoding", "quoted-printable");
        mail.Append("\r\n").Append(EncodedWords.QuotedPrintable(MailText.Body(messages)));
        mail.Append("\r\n--").Append(boundary).Append("\r\n");
        var name = messages.Count == 1 ? $"{messages[0].DeliveryId}.json" : $"{key}.json";
        Header(mail, "Content-Type", $"application/json;\r\n name=\"{name}\"");
        Header(mail, "Content-Disposition", $"attachment;\r\n filename=\"{name}\"");
        Header(mail, "Content-Transfer-Encoding", "base64");
        mail.Append("\r\n");
        AddBase64(mail, Attachment(messages));
        mail.Append("\r\n--").Append(boundary).Append("--\r\n");
        return Encoding.ASCII.GetBytes(mail.ToString());
    }

    /// <summary>The event; of several an array.</summary>
    private static byte[] Attachment(IReadOnlyList<DeliveryMessage> messages)
    {
        if (messages.Count == 1) return EventLine.Of(messages[0]);
        using var array = new MemoryStream();
        for (var place = 0; place < messages.Count; place++)
        {
            array.Write(place == 0 ? "[\n"u8 : ",\n"u8);
            array.Write(EventLine.Of(messages[place]));
        }

        array.Write("\n]\n"u8);
        return array.ToArray();
    }

    private static void Header(StringBuilder mail, string name, string value) => mail.Append(name).Append(": ").Append(value).Append("\r\n");

    private static void AddBase64(StringBuilder mail, byte[] bytes)
    {
        var text = Convert.ToBase64String(bytes);
        for (var place = 0; place < text.Length; place += LineMax) mail.Append(text.AsSpan(place, Math.Min(LineMax, text.Length - place))).Append("\r\n");
    }
}
