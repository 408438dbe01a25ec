using System.Text.Json;
using MoMo.Domain;
using MoMo.Domain.Channels;
using MoMo.Edge.Channels.Folder;
using MoMo.Engine;

namespace MoMo.Edge.Channels.Imap;

/// <summary>A mailbox whose mails carry files, also in mails that were forwarded as attachments.</summary>
public sealed class ImapKind(Dialer dialer, TimeProvider clock) : IChannelKind
{
    /// <inheritdoc/>
    public string Name => "imap";

    /// <inheritdoc/>
    public IReadOnlyList<string> Secrets { get; } = ["password"];

    /// <inheritdoc/>
    public Refusal? Check(JsonElement settings) => ImapSettings.Parse(settings).Refused;

    /// <inheritdoc/>
    public IReadOnlyList<SentCredential> Sends(JsonElement settings) => ImapSettings.Parse(settings).Accepted is { } read ? read.Server.Sends(read.Tls == "none" ? "imap" : "imaps", Secrets) : [];

    /// <inheritdoc/>
    public async Task<IChannel> OpenAsync(ChannelConfiguration configuration, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var read = ImapSettings.Parse(configuration.Settings);
        if (read.Refused is { } refusal) throw new ChannelException(FolderKind.Explain(refusal));
        if (!configuration.Secrets.TryGetValue("password", out var password)) throw new ChannelException("The channel has no password: give one as its secret.");
        try
        {
            return new ImapChannel(await ImapClient.OpenAsync(dialer, read.Accepted!, password, cancellation), read.Accepted!, clock);
        }
        catch (ImapRefusedException e)
        {
            throw new ChannelException(e.Message, e);
        }
    }
}
