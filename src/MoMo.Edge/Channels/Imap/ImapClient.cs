using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using MoMo.Domain.Channels;

namespace MoMo.Edge.Channels.Imap;

/// <summary>As much of IMAP4rev1 (RFC 3501) as fetching mails takes, one command at a time.</summary>
internal sealed partial class ImapClient : IAsyncDisposable
{
    private const int LinesMax = 200_000;
    private PatientStream stream;
    private LineReader reader;
    private int tags;
    private string capabilities = "";

    private ImapClient(PatientStream stream) => (this.stream, reader) = (stream, new LineReader(stream));

    /// <summary>Whether the server can do something, such as <c>MOVE</c>.</summary>
    public bool Can(string capability) => $" {capabilities} ".Contains($" {capability} ", StringComparison.OrdinalIgnoreCase);

    /// <summary>Connects and logs in.</summary>
    /// <exception cref="ChannelException">That failed; the message says why.</exception>
    public static async Task<ImapClient> OpenAsync(Dialer dialer, ImapSettings settings, string password, CancellationToken cancellation)
    {
        var socket = await dialer.ConnectAsync(settings.Server.Host, settings.Server.Port, cancellation);
        Stream connection = new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
        var tls = new ServerTls(settings.Server.Host, settings.Pin);
        if (settings.Tls == "implicit") connection = await dialer.SecureAsync(connection, tls, cancellation);
        var client = new ImapClient(new PatientStream(connection, dialer.SilenceMax));
        try
        {
            var greeting = await client.reader.ReadLineAsync(cancellation);
            if (!greeting.StartsWith("* OK", StringComparison.OrdinalIgnoreCase)) throw new ChannelException("The server's greeting is not IMAP.");
            if (settings.Tls == "starttls")
            {
                await client.DoAsync("STARTTLS", cancellation);
                // What came before TLS could be anybody's.
                if (client.reader.HasMore) throw new ChannelException("The server sends in the clear what belongs under TLS.");
                client.stream = new PatientStream(await dialer.SecureAsync(client.stream.Under, tls, cancellation), dialer.SilenceMax);
                client.reader = new LineReader(client.stream);
            }

            await client.LogInAsync(settings.Server.User, password, cancellation);
            return client;
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }

    /// <summary>Does a command that must succeed.</summary>
    /// <returns>The lines of the answer; blobs are left out.</returns>
    public async Task<IReadOnlyList<string>> DoAsync(string command, CancellationToken cancellation)
    {
        List<string> lines = [];
        var status = await RunAsync(command, (line, _) => lines.Add(line), 0, null, cancellation);
        return status.StartsWith("OK", StringComparison.OrdinalIgnoreCase) ? lines : throw new ImapRefusedException(Verb(command), status);
    }

    /// <summary>Fetches one blob of at most <paramref name="max"/> bytes; null when there is none.</summary>
    public async Task<byte[]?> FetchAsync(string command, int max, CancellationToken cancellation)
    {
        byte[]? found = null;
        var status = await RunAsync(command, (_, blob) => found = blob ?? found, max, null, cancellation);
        return status.StartsWith("OK", StringComparison.OrdinalIgnoreCase) ? found : throw new ImapRefusedException(Verb(command), status);
    }

    /// <summary>Puts a mail into a mailbox.</summary>
    public async Task AppendAsync(string mailbox, byte[] mail, CancellationToken cancellation)
    {
        var status = await RunAsync(
            string.Create(CultureInfo.InvariantCulture, $"APPEND {Quote(mailbox)} (\\Seen) {{{mail.Length}}}"), (_, _) => { }, 0, [.. mail, .. "\r\n"u8], cancellation);
        if (!status.StartsWith("OK", StringComparison.OrdinalIgnoreCase)) throw new ImapRefusedException("APPEND", status);
    }

    public static string Quote(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    public ValueTask DisposeAsync() => stream.DisposeAsync();

    private async Task LogInAsync(string user, string password, CancellationToken cancellation)
    {
        await LearnAsync(cancellation);
        var plain = Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{user}\0{password}"));
        var status = Can("AUTH=PLAIN")
            ? await RunAsync("AUTHENTICATE PLAIN", (_, _) => { }, 0, Encoding.ASCII.GetBytes(plain + "\r\n"), cancellation)
            : IsPlain(user) && IsPlain(password)
                ? await RunAsync($"LOGIN {Quote(user)} {Quote(password)}", (_, _) => { }, 0, null, cancellation)
                : throw new ChannelException("The server can't be told a user or password with characters beyond ASCII.");
        if (!status.StartsWith("OK", StringComparison.OrdinalIgnoreCase))
            throw new ChannelException("The server does not let the hub in: the user or the password is wrong.");
        await LearnAsync(cancellation);
    }

    private static bool IsPlain(string text) => text.All(letter => letter is >= ' ' and <= '~');

    private async Task LearnAsync(CancellationToken cancellation)
    {
        foreach (var line in await DoAsync("CAPABILITY", cancellation))
            if (line.StartsWith("* CAPABILITY ", StringComparison.OrdinalIgnoreCase)) capabilities = line["* CAPABILITY ".Length..];
    }

    /// <returns>What the server says in the end: OK, NO or BAD, and why.</returns>
    private async Task<string> RunAsync(string command, Action<string, byte[]?> hear, int blobMax, byte[]? more, CancellationToken cancellation)
    {
        var tag = string.Create(CultureInfo.InvariantCulture, $"m{++tags}");
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{tag} {command}\r\n"), cancellation);
        for (var lines = 0; lines < LinesMax; lines++)
        {
            var line = await reader.ReadLineAsync(cancellation);
            if (line.StartsWith($"{tag} ", StringComparison.Ordinal)) return line[(tag.Length + 1)..];
            if (line.StartsWith('+'))
            {
                await stream.WriteAsync(more ?? throw new ChannelException("The server asks for what was not announced."), cancellation);
                more = null;
                continue;
            }

            if (line.StartsWith("* BYE", StringComparison.OrdinalIgnoreCase)) throw new ChannelException("The server ended the connection.");
            byte[]? blob = null;
            while (Literal().Match(line) is { Success: true } literal)
            {
                if (!int.TryParse(literal.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var size)
                    || size > Math.Max(blobMax, LineReader.LineMax))
                    throw new ChannelException("The server sends more than was asked for.");
                blob = await reader.ReadBytesAsync(size, cancellation);
                line = line[..literal.Index] + await reader.ReadLineAsync(cancellation);
            }

            hear(line, blob);
        }

        throw new ChannelException("The server's answer has no end.");
    }

    private static string Verb(string command) => command.StartsWith("UID ", StringComparison.Ordinal) ? command.Split(' ')[1] : command.Split(' ')[0];

    [GeneratedRegex(@"\{(\d+)\}$")]
    private static partial Regex Literal();
}
