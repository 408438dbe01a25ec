using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using MoMo.Domain.Channels;

namespace MoMo.Edge.Channels.Ftp;

/// <summary>
/// As much of FTP (RFC 959, 2228, 2428, 4217) as fetching files takes: passive, binary, one transfer at a time. Data connections go to the address of
/// the control connection, whatever address the server names.
/// </summary>
internal sealed partial class FtpClient : IAsyncDisposable
{
    private readonly Dialer dialer;
    private readonly ServerTls tls;
    private readonly IPAddress address;
    private PatientStream control;
    private LineReader lines;
    private bool secure;
    private bool extended = true;
    private HashSet<string> features = [];

    private FtpClient(Dialer dialer, ServerTls tls, Socket socket)
    {
        (this.dialer, this.tls, address) = (dialer, tls, ((IPEndPoint)socket.RemoteEndPoint!).Address);
        control = new PatientStream(new NetworkStream(socket, ownsSocket: true), dialer.SilenceMax);
        lines = new LineReader(control);
    }

    /// <summary>Whether the server can do something, such as <c>MLST</c>.</summary>
    public bool Can(string feature) => features.Contains(feature);

    /// <summary>Connects, logs in and goes into the folder.</summary>
    /// <exception cref="ChannelException">That failed; the message says why.</exception>
    public static async Task<FtpClient> OpenAsync(Dialer dialer, FtpSettings settings, string password, CancellationToken cancellation)
    {
        if (password.Any(char.IsControl)) throw new ChannelException("The password has control characters, which FTP can't carry.");
        var socket = await dialer.ConnectAsync(settings.Server.Host, settings.Server.Port, cancellation);
        var client = new FtpClient(dialer, new ServerTls(settings.Server.Host, settings.Pin), socket);
        try
        {
            if (settings.Tls == "implicit") await client.SecureAsync(cancellation);
            if (!(await client.ReadAsync(cancellation)).IsDone) throw new ChannelException("The server is not ready.");
            if (settings.Tls == "explicit")
            {
                if (!(await client.SendAsync("AUTH TLS", cancellation)).IsDone) throw new ChannelException("The server offers no TLS; tls none would do without, and show the password.");
                if (client.lines.HasMore) throw new ChannelException("The server sends in the clear what belongs under TLS.");
                await client.SecureAsync(cancellation);
            }

            await client.LogInAsync(settings, password, cancellation);
            return client;
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends a command and reads the answer to it.</summary>
    public async Task<FtpReply> SendAsync(string command, CancellationToken cancellation)
    {
        await control.WriteAsync(Encoding.UTF8.GetBytes($"{command}\r\n"), cancellation);
        return await ReadAsync(cancellation);
    }

    /// <summary>Reads the next answer.</summary>
    public async Task<FtpReply> ReadAsync(CancellationToken cancellation)
    {
        var first = await lines.ReadLineAsync(cancellation);
        if (first.Length < 3 || !int.TryParse(first.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var code))
            throw new ChannelException("The server's answer is not FTP.");
        var text = new StringBuilder(first.Length > 4 ? first[4..] : "");
        if (first.Length > 3 && first[3] == '-')
        {
            for (var line = ""; !line.StartsWith($"{first[..3]} ", StringComparison.Ordinal);)
            {
                line = await lines.ReadLineAsync(cancellation);
                text.Append('\n').Append(line);
                if (text.Length > LineReader.LineMax) throw new ChannelException("The server's answer has no end.");
            }
        }

        return code == 421 ? throw new ChannelException("The server ended the connection.") : new FtpReply(code, text.ToString());
    }

    /// <summary>Begins a transfer; null with the server's answer when it does not want to.</summary>
    public async Task<(Stream? Data, FtpReply Reply)> BeginAsync(string command, CancellationToken cancellation)
    {
        var socket = await dialer.ConnectAsync(address.ToString(), await ListenAsync(cancellation), cancellation);
        Stream data = new NetworkStream(socket, ownsSocket: true);
        try
        {
            var reply = await SendAsync(command, cancellation);
            if (!reply.IsBegun)
            {
                await data.DisposeAsync();
                return (null, reply);
            }

            if (secure) data = await dialer.SecureAsync(data, tls, cancellation);
            return (new PatientStream(data, dialer.SilenceMax), reply);
        }
        catch
        {
            await data.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => control.DisposeAsync();

    private async Task SecureAsync(CancellationToken cancellation)
    {
        control = new PatientStream(await dialer.SecureAsync(control.Under, tls, cancellation), dialer.SilenceMax);
        lines = new LineReader(control);
        secure = true;
    }

    private async Task LogInAsync(FtpSettings settings, string password, CancellationToken cancellation)
    {
        var user = await SendAsync($"USER {settings.Server.User}", cancellation);
        var entered = user.GoesOn ? await SendAsync($"PASS {password}", cancellation) : user;
        if (!entered.IsDone) throw new ChannelException("The server does not let the hub in: the user or the password is wrong, or it wants TLS.");
        if (secure && (!(await SendAsync("PBSZ 0", cancellation)).IsDone || !(await SendAsync("PROT P", cancellation)).IsDone))
            throw new ChannelException("The server protects the login, but not the files.");
        if (!(await SendAsync("TYPE I", cancellation)).IsDone) throw new ChannelException("The server does not send files as they are.");
        features = [.. (await SendAsync("FEAT", cancellation)).Text.Split('\n').Select(line => line.Trim().Split(' ')[0].ToUpperInvariant())];
        if (Can("UTF8")) await SendAsync("OPTS UTF8 ON", cancellation);
        if (!(await SendAsync($"CWD {settings.Folder.Path}", cancellation)).IsDone) throw new ChannelException($"The folder '{settings.Folder.Path}' does not exist on the server, or may not be seen.");
    }

    /// <returns>The port that the server listens on for the next transfer.</returns>
    private async Task<int> ListenAsync(CancellationToken cancellation)
    {
        if (extended)
        {
            var reply = await SendAsync("EPSV", cancellation);
            if (reply.IsDone && Extended().Match(reply.Text) is { Success: true } match && IsPort(match.Groups[1].ValueSpan, out var port)) return port;
            extended = false;
        }

        var passive = await SendAsync("PASV", cancellation);
        if (passive.IsDone && Passive().Match(passive.Text) is { Success: true } numbers
            && byte.TryParse(numbers.Groups[1].ValueSpan, out var high) && byte.TryParse(numbers.Groups[2].ValueSpan, out var low)) return high * 256 + low;
        throw new ChannelException("The server offers no passive transfers.");
    }

    private static bool IsPort(ReadOnlySpan<char> text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and <= 65_535;

    [GeneratedRegex(@"\(\|\|\|(\d{1,5})\|\)")]
    private static partial Regex Extended();

    [GeneratedRegex(@"(?:\d{1,3},){4}(\d{1,3}),(\d{1,3})")]
    private static partial Regex Passive();
}
