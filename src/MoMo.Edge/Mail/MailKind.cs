using System.Globalization;
using System.Net;
using System.Text.Json;
using MoMo.Domain.Channels;
using MoMo.Domain.Deliveries;
using MoMo.Edge.Channels;
using MoMo.Engine;

namespace MoMo.Edge.Mail;

/// <summary>Delivers by e-mail through the hub's mail server: readable text, and the event as JSON. It is delivered when the server has taken it.</summary>
public sealed class MailKind : IBatchKind, IDisposable
{
    private readonly MailOptions options;
    private readonly TimeProvider clock;
    private readonly Dialer dialer;
    private readonly FairPlaces connections;

    /// <summary>A sender.</summary>
    /// <param name="options">The server.</param>
    /// <param name="clock">Dates the messages.</param>
    public MailKind(MailOptions options, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(options);
        (this.options, this.clock) = (options, clock);
        // The server is the operator's choice, not the account's: it may be anywhere. Only in the clear it may not.
        var channels = new ChannelOptions { ConnectTimeout = options.ConnectTimeout, SilenceMax = options.SilenceMax };
        foreach (var network in options.Tls == "none" ? options.AllowedNetworks : ["0.0.0.0/0", "::/0"]) channels.AllowedNetworks.Add(network);
        dialer = new Dialer(channels, "MoMo:Mail");
        connections = new FairPlaces(options.ConnectionsMax, Math.Max(options.ConnectionsMax / 4, 1));
    }

    /// <inheritdoc/>
    public string Kind => "email";

    /// <inheritdoc/>
    public IReadOnlyList<string> Credentials => [];

    /// <inheritdoc/>
    public Outcome<Uri> Locate(string account, string? url, JsonElement settings)
    {
        if (options.Host is null) return Refusal.Of("kind", "mail-unavailable", "This hub has no mail server: an operator can set MoMo:Mail.");
        return MailSettings.Read(url, settings).Match<Outcome<Uri>>(read => read.To.ToUri(), refusal => refusal);
    }

    /// <inheritdoc/>
    public BatchRule Batch(JsonElement settings) => MailSettings.BatchOf(settings);

    /// <inheritdoc/>
    public async Task<IDisposable?> TurnAsync(LaneDestination to, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(to);
        return await connections.TakeAsync(to.AccountId, cancellation);
    }

    /// <inheritdoc/>
    public async Task<AttemptResult> SendAsync(IReadOnlyList<DeliveryMessage> messages, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(messages);
        if (options.Host is null || MailAddress.Find(options.From) is not { } from)
            return Retry("The hub has no mail server: MoMo:Mail is not set.", DeliveryCause.HubFault);
        if (MailAddress.Find(messages[0].Url.IsAbsoluteUri ? Uri.UnescapeDataString(messages[0].Url.AbsoluteUri["mailto:".Length..]) : null) is not { } to)
            return Retry("The destination's address is none.", DeliveryCause.BadDestination);

        // The network's own time: a test that holds the clock must not make a silent server last for ever.
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(options.Timeout);
        try
        {
            var mail = MailWriter.Write(messages, from, options.FromName, to, clock.GetUtcNow());
            await GuardAsync(deadline.Token);
            await using var client = await SmtpClient.OpenAsync(dialer, options, await PasswordAsync(deadline.Token), deadline.Token);
            await client.SendAsync(from, to, mail, deadline.Token);
            return new AttemptResult(AttemptVerdict.Delivered, null, null, null);
        }
        catch (SmtpRefusedException e)
        {
            return Retry(e.Message, e.IsOurs ? DeliveryCause.HubFault : e.IsPassing ? DeliveryCause.AccountUnreachable : DeliveryCause.AccountRejected);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            // Whatever is wrong with the way to the operator's server, no account can do anything about it.
            return Retry(
                e switch
                {
                    ChannelException => e.Message,
                    _ when deadline.IsCancellationRequested =>
                        string.Create(CultureInfo.InvariantCulture, $"The mail server took longer than {options.Timeout.TotalSeconds:0.#} s."),
                    _ => $"The message could not be sent ({e.GetType().Name}).",
                },
                DeliveryCause.HubFault);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => connections.Dispose();

    /// <summary>In the clear only to networks that the operator named, public ones or not.</summary>
    private async Task GuardAsync(CancellationToken cancellation)
    {
        if (options.Tls != "none") return;
        foreach (var address in await dialer.ResolveAsync(options.Host!, cancellation))
        {
            if (!options.AllowedNetworks.Any(network => IPNetwork.Parse(network).Contains(address)))
                throw new ChannelException("The mail server may not be spoken to in the clear: its network is not in MoMo:Mail:AllowedNetworks.");
        }
    }

    private async Task<string?> PasswordAsync(CancellationToken cancellation)
    {
        if (options.PasswordFile is not { } file) return options.Password;
        try
        {
            return (await File.ReadAllTextAsync(file, cancellation)).TrimEnd('\r', '\n');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ChannelException("The file of MoMo:Mail:PasswordFile can't be read.", e);
        }
    }

    private static AttemptResult Retry(string error, DeliveryCause cause) =>
        new(AttemptVerdict.Retry, null, error.Length > 500 ? error[..500] : error, null) { Cause = cause };
}
