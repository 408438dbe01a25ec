using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace MoMo.Tests.Edge.Mail;

/// <summary>A mail server on loopback that keeps what it takes, offers what it is told to and refuses what it is told to.</summary>
internal sealed class SmtpSink : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly X509Certificate2? certificate;
    private readonly string tls;
    private readonly TcpListener listener;
    private readonly TaskCompletionSource hasMessage = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task serving;

    public SmtpSink(string tls = "none", X509Certificate2? certificate = null)
    {
        (this.tls, this.certificate) = (tls, certificate);
        listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        serving = ServeAsync(listener);
    }

    public int Port { get; }

    /// <summary>Ways to log in that it offers; empty for none.</summary>
    public string Auth { get; set; } = "PLAIN LOGIN";

    /// <summary>What it answers instead, by the first word of a command; <c>DOT</c> for the end of a message.</summary>
    public ConcurrentDictionary<string, string> Answers { get; } = new();

    public volatile bool IsSilent;

    /// <summary>What it says nothing to, by the first word of a command, as in <see cref="Answers"/>; null for nothing.</summary>
    public string? SilentAt { get; set; }

    /// <summary>What it answers the end of a message after; null for nothing.</summary>
    public Task? AnswersAfter { get; set; }

    /// <summary>Ends when it has a whole message.</summary>
    public Task HasMessage => hasMessage.Task;

    /// <summary>What it breaks the connection off at; null for nothing.</summary>
    public string? BrokenAt { get; set; }

    /// <summary>Messages as they came over the line, dots and all.</summary>
    public ConcurrentQueue<string> Raw { get; } = new();

    /// <summary>Messages that it took.</summary>
    public IReadOnlyList<string> Mails =>
        [.. Raw.Select(raw => string.Join("\r\n", raw.Split("\r\n").Select(line => line.StartsWith('.') ? line[1..] : line)))];

    /// <summary>Commands, without what belongs to the login.</summary>
    public ConcurrentQueue<string> Commands { get; } = new();

    /// <summary>What logged in: user and password.</summary>
    public ConcurrentQueue<string> Logins { get; } = new();

    public async Task LeaveAsync()
    {
        listener.Dispose();
        await serving;
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Dispose();
        await serving;
        stop.Dispose();
    }

    private async Task ServeAsync(TcpListener from)
    {
        while (true)
        {
            try
            {
                using var client = await from.AcceptTcpClientAsync(stop.Token);
                await TalkAsync(client.GetStream());
            }
            catch (Exception e) when (e is IOException or System.Security.Authentication.AuthenticationException)
            {
                // The sender broke off, which is what some of the tests are about.
            }
            catch (Exception e) when (e is OperationCanceledException or InvalidOperationException or SocketException)
            {
                return;
            }
        }
    }

    private async Task TalkAsync(Stream stream)
    {
        var secured = tls == "implicit";
        if (secured) stream = await SecureAsync(stream);
        await SayAsync("CONNECT", "220 sink ESMTP");
        while (await ReadLineAsync(stream) is { } line)
        {
            var verb = line.Split(' ')[0].ToUpperInvariant();
            if (verb != "AUTH") Commands.Enqueue(line);
            switch (verb)
            {
                case "EHLO":
                    var offer = tls == "starttls" && !secured ? "\r\n250-STARTTLS" : "";
                    await SayAsync(verb, $"250-sink\r\n250-SIZE 10000000{offer}{(Auth.Length > 0 ? $"\r\n250-AUTH {Auth}" : "")}\r\n250 8BITMIME");
                    break;
                case "STARTTLS":
                    await SayAsync(verb, "220 go on");
                    stream = await SecureAsync(stream);
                    secured = true;
                    break;
                case "AUTH" when line.StartsWith("AUTH PLAIN ", StringComparison.Ordinal):
                    Logins.Enqueue(Text(line["AUTH PLAIN ".Length..])[1..].Replace('\0', ' '));
                    await SayAsync(verb, "235 welcome");
                    break;
                case "AUTH":
                    await SayAsync(verb, "334 VXNlcm5hbWU6");
                    var user = Text((await ReadLineAsync(stream))!);
                    await SayAsync(verb, "334 UGFzc3dvcmQ6");
                    Logins.Enqueue($"{user} {Text((await ReadLineAsync(stream))!)}");
                    await SayAsync(verb, "235 welcome");
                    break;
                case "DATA":
                    await SayAsync(verb, "354 tell");
                    var mail = new StringBuilder();
                    while (await ReadLineAsync(stream) is { } part && part != ".") mail.Append(part).Append("\r\n");
                    if (!Answers.ContainsKey("DOT")) Raw.Enqueue(mail.ToString());
                    hasMessage.TrySetResult();
                    if (AnswersAfter is { } first) await first.WaitAsync(stop.Token);
                    await SayAsync("DOT", "250 taken");
                    break;
                case "QUIT":
                    await SayAsync(verb, "221 bye");
                    return;
                default:
                    await SayAsync(verb, "250 fine");
                    break;
            }
        }

        async Task SayAsync(string to, string answer)
        {
            if (to == BrokenAt) throw new IOException("Broken off, as the test wants it.");
            if (IsSilent || to == SilentAt) await Task.Delay(Timeout.Infinite, stop.Token);
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"{Answers.GetValueOrDefault(to, answer)}\r\n"), stop.Token);
        }
    }

    private async Task<SslStream> SecureAsync(Stream stream)
    {
        var secured = new SslStream(stream);
        await secured.AuthenticateAsServerAsync(certificate!);
        return secured;
    }

    private async Task<string?> ReadLineAsync(Stream stream)
    {
        List<byte> line = [];
        var one = new byte[1];
        while (await stream.ReadAsync(one, stop.Token) > 0)
        {
            line.Add(one[0]);
            if (line is [.., (byte)'\r', (byte)'\n']) return Encoding.Latin1.GetString([.. line.SkipLast(2)]);
        }

        return null;
    }

    private static string Text(string base64) => Encoding.UTF8.GetString(Convert.FromBase64String(base64));
}
