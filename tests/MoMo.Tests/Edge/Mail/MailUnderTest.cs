using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using MoMo.Domain.Deliveries;
using MoMo.Edge.Mail;
using MoMo.Tests.Channels;
using MoMo.Tests.Edge.Webhooks;
using MoMo.Tests.Specs;
using MoMo.Tests.Support;

namespace MoMo.Tests.Edge.Mail;

/// <summary>E-mail with a sink.</summary>
internal sealed partial class MailUnderTest : KindUnderTest
{
    public const string Password = "Xq-pass word-\u00fc";
    private readonly TestFolder folder = new();
    private readonly X509Certificate2 certificate;

    public MailUnderTest(string tls = "starttls", Action<MailOptions>? change = null)
    {
        var pin = TestCertificate.Write(folder.Path);
        certificate = X509Certificate2.CreateFromPemFile(Path.Combine(folder.Path, "cert.pem"), Path.Combine(folder.Path, "key.pem"));
        Sink = new SmtpSink(tls, certificate);
        var options = new MailOptions
        {
            Host = "127.0.0.1", Port = Sink.Port, Tls = tls, TlsPin = pin, User = "momo", Password = Password, From = "payments@hub.example",
            FromName = "Hub \u00dc", Timeout = TimeSpan.FromSeconds(2),
        };
        if (tls == "none") options.AllowedNetworks.Add("127.0.0.0/8");
        change?.Invoke(options);
        Kind = new MailKind(options, new HeldClock(Now));
    }

    public SmtpSink Sink { get; }

    public override IDestinationKind Kind { get; }

    public override IReadOnlyList<string> Secrets => [Password, "Xq-"];

    protected override Uri Url => new("mailto:ops@acme.example");

    public override Task<IReadOnlyList<Guid>> ReceivedAsync() => Task.FromResult<IReadOnlyList<Guid>>(
        [.. Sink.Mails.SelectMany(mail => DeliveryLine().Matches(mail).Select(match => Guid.Parse(match.Groups[1].Value)))]);

    public override Task RefuseAsync()
    {
        Sink.Answers["RCPT"] = $"550 5.1.1 no such user";
        return Task.CompletedTask;
    }

    public override Task ServeAsync()
    {
        Sink.Answers.Clear();
        return Task.CompletedTask;
    }

    public override Task LeaveAsync() => Sink.LeaveAsync();

    public override Task<bool> FallSilentAsync() => Task.FromResult(Sink.IsSilent = true);

    public override async ValueTask DisposeAsync()
    {
        await Sink.DisposeAsync();
        certificate.Dispose();
        folder.Dispose();
    }

    [GeneratedRegex(@"^Delivery +([0-9a-f-]{36})\r$", RegexOptions.Multiline)]
    private static partial Regex DeliveryLine();
}
