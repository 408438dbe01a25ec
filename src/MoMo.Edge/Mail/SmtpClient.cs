using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using MoMo.Domain.Channels;
using MoMo.Edge.Channels;

namespace MoMo.Edge.Mail;

/// <summary>As much of SMTP (RFC 5321, 3207, 4954, 1870) as submitting one message takes, one command at a time.</summary>
internal sealed class SmtpClient : IAsyncDisposable
{
    private const int LinesMax = 100;
    private const int ShownMax = 2_000;
    private readonly string name;
    private PatientStream stream;
    private LineReader reader;
    private SmtpReply offer = new(0, []);

    private SmtpClient(PatientStream stream, string name) => (this.stream, reader, this.name) = (stream, new LineReader(stream), name);

    /// <summary>Connects, secures the connection and logs in.</summary>
    /// <exception cref="ChannelException">There is no connection, or it is not to be trusted.</exception>
    /// <exception cref="SmtpRefusedException">The server refuses.</exception>
    public static async Task<SmtpClient> OpenAsync(Dialer dialer, MailOptions options, string? password, CancellationToken cancellation)
    {
        var socket = await dialer.ConnectAsync(options.Host!, options.PortUsed, cancellation);
        Stream connection = new NetworkStream(socket, ownsSocket: true);
        var tls = new ServerTls(options.Host!, ServerTls.Normal(options.TlsPin));
        if (options.Tls == "implicit") connection = await dialer.SecureAsync(connection, tls, cancellation);
        var client = new SmtpClient(new PatientStream(connection, dialer.SilenceMax), Literal(((IPEndPoint)socket.LocalEndPoint!).Address));
        try
        {
            await client.ExpectAsync("the connection", isOurs: true, cancellation);
            await client.GreetAsync(cancellation);
            if (options.Tls == "starttls") await client.SecureAsync(dialer, tls, cancellation);
            if (options.User is { } user) await client.LogInAsync(user, password ?? "", cancellation);
            return client;
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }

    /// <summary>Hands over one message.</summary>
    /// <param name="from">Who gets what comes back.</param>
    /// <param name="to">Who gets it.</param>
    /// <param name="message">Lines of ASCII that end in CRLF.</param>
    /// <param name="cancellation">Ends the attempt; the server may have the message all the same.</param>
    public async Task SendAsync(MailAddress from, MailAddress to, ReadOnlyMemory<byte> message, CancellationToken cancellation)
    {
        var size = offer.Offers("SIZE") ? string.Create(CultureInfo.InvariantCulture, $" SIZE={message.Length}") : "";
        await WriteAsync($"MAIL FROM:<{from}>{size}\r\n", cancellation);
        var taken = await ReadAsync(cancellation);
        // A server that was told the length refuses here what is too long for it, and means the message: gathering fewer mends it, not the operator.
        if (!taken.IsDone) throw new SmtpRefusedException(taken, taken.IsTooLong ? "the message" : "the sender", isOurs: !taken.IsTooLong);
        await DoAsync($"RCPT TO:<{to}>", "the address", isOurs: false, cancellation);
        await WriteAsync("DATA\r\n", cancellation);
        var reply = await ReadAsync(cancellation);
        if (reply.Code != 354) throw new SmtpRefusedException(reply, "the message", isOurs: false);
        await stream.WriteAsync(DotStuffing.Of(message.Span), cancellation);
        // The server may look through it for minutes and has it all the same: who leaves before it answers sends it twice (RFC 5321, 4.5.3.2.6).
        stream.WaitOn();
        await ExpectAsync("the message", isOurs: false, cancellation);
        try
        {
            await WriteAsync("QUIT\r\n", cancellation);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The server has the message; how it parts is its own affair.
        }
    }

    public ValueTask DisposeAsync() => stream.DisposeAsync();

    private async Task GreetAsync(CancellationToken cancellation) => offer = await DoAsync($"EHLO {name}", "EHLO", isOurs: true, cancellation);

    private async Task SecureAsync(Dialer dialer, ServerTls tls, CancellationToken cancellation)
    {
        if (!offer.Offers("STARTTLS")) throw new ChannelException("The mail server offers no TLS: set MoMo:Mail:Tls to implicit, or use another server.");
        await DoAsync("STARTTLS", "STARTTLS", isOurs: true, cancellation);
        // What came before TLS could be anybody's.
        if (reader.HasMore) throw new ChannelException("The mail server sends in the clear what belongs under TLS.");
        stream = new PatientStream(await dialer.SecureAsync(stream.Under, tls, cancellation), dialer.SilenceMax);
        reader = new LineReader(stream);
        await GreetAsync(cancellation);
    }

    private async Task LogInAsync(string user, string password, CancellationToken cancellation)
    {
        var ways = offer.Words("AUTH");
        if (ways.Contains("PLAIN", StringComparer.OrdinalIgnoreCase))
        {
            await DoAsync($"AUTH PLAIN {Base64($"\0{user}\0{password}")}", "the login", isOurs: true, cancellation);
        }
        else if (ways.Contains("LOGIN", StringComparer.OrdinalIgnoreCase))
        {
            foreach (var line in (string[])["AUTH LOGIN", Base64(user)])
            {
                await WriteAsync($"{line}\r\n", cancellation);
                var asked = await ReadAsync(cancellation);
                if (asked.Code != 334) throw new SmtpRefusedException(asked with { Lines = [] }, "the login", isOurs: true);
            }

            await DoAsync(Base64(password), "the login", isOurs: true, cancellation);
        }
        else
        {
            throw new ChannelException("The mail server takes no login by PLAIN or LOGIN.");
        }
    }

    private async Task<SmtpReply> DoAsync(string command, string what, bool isOurs, CancellationToken cancellation)
    {
        await WriteAsync($"{command}\r\n", cancellation);
        return await ExpectAsync(what, isOurs, cancellation);
    }

    private async Task<SmtpReply> ExpectAsync(string what, bool isOurs, CancellationToken cancellation)
    {
        var reply = await ReadAsync(cancellation);
        if (reply.IsDone) return reply;
        // A server may repeat what it was told; of a login only the code is shown.
        throw new SmtpRefusedException(what == "the login" ? reply with { Lines = [] } : reply, what, isOurs);
    }

    private async Task<SmtpReply> ReadAsync(CancellationToken cancellation)
    {
        List<string> lines = [];
        while (lines.Count < LinesMax)
        {
            var line = await reader.ReadLineAsync(cancellation);
            if (line.Length < 3 || !int.TryParse(line.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var code) || code is < 200 or > 599
                || (line.Length > 3 && line[3] is not (' ' or '-')))
                throw new ChannelException("The mail server's answer is not SMTP.");
            lines.Add(line.Length > 4 ? line[4..Math.Min(line.Length, ShownMax)] : "");
            if (line.Length == 3 || line[3] == ' ') return new SmtpReply(code, lines);
        }

        throw new ChannelException("The mail server's answer has no end.");
    }

    private async Task WriteAsync(string text, CancellationToken cancellation) => await stream.WriteAsync(Encoding.ASCII.GetBytes(text), cancellation);

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    /// <summary>Who we are: our address, which needs no name that somebody would have to keep right (RFC 5321, 4.1.3).</summary>
    private static string Literal(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return plain.AddressFamily == AddressFamily.InterNetwork ? $"[{plain}]" : $"[IPv6:{new IPAddress(plain.GetAddressBytes())}]";
    }
}
