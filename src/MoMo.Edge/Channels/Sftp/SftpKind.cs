using System.Text.Json;
using MoMo.Domain;
using MoMo.Domain.Channels;
using MoMo.Edge.Channels.Folder;
using MoMo.Engine;

namespace MoMo.Edge.Channels.Sftp;

/// <summary>A folder of an SFTP server. Needs OpenSSH's program <c>ssh</c> where the hub runs.</summary>
public sealed class SftpKind(Dialer dialer, TimeProvider clock) : IChannelKind
{
    /// <inheritdoc/>
    public string Name => "sftp";

    /// <inheritdoc/>
    public IReadOnlyList<string> Secrets { get; } = ["password", "private_key", "passphrase"];

    /// <inheritdoc/>
    public Refusal? Check(JsonElement settings) => SftpSettings.Parse(settings).Refused;

    /// <inheritdoc/>
    public IReadOnlyList<SentCredential> Sends(JsonElement settings) => SftpSettings.Parse(settings).Accepted is { } read ? read.Server.Sends("sftp", Secrets) : [];

    /// <inheritdoc/>
    public async Task<IChannel> OpenAsync(ChannelConfiguration configuration, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var read = SftpSettings.Parse(configuration.Settings);
        if (read.Refused is { } refusal) throw new ChannelException(FolderKind.Explain(refusal));
        var settings = read.Accepted!;
        var client = await SftpClient.OpenAsync(dialer, settings.Server, settings.HostKey, configuration.Secrets, cancellation);
        return new FolderChannel(new SftpFolder(client, settings.Folder.Path), settings.Folder, clock);
    }
}
