namespace MoMo.Edge.Mail;

/// <summary>A message as it goes over the line after DATA (RFC 5321, 4.5.2): a line that begins with a dot gets another, and a dot alone ends it.</summary>
internal static class DotStuffing
{
    /// <param name="message">Lines that end in CRLF.</param>
    public static byte[] Of(ReadOnlySpan<byte> message)
    {
        using var sent = new MemoryStream(message.Length + 16);
        var isStart = true;
        foreach (var one in message)
        {
            if (isStart && one == (byte)'.') sent.WriteByte(one);
            sent.WriteByte(one);
            isStart = one == (byte)'\n';
        }

        sent.Write(isStart ? ".\r\n"u8 : "\r\n.\r\n"u8);
        return sent.ToArray();
    }
}
