using System.Text.Json;
using MoMo.Domain;
using MoMo.Domain.Channels;
using MoMo.Edge.Channels.Folder;
using MoMo.Engine;

namespace MoMo.Edge.Channels.Ftp;

/// <summary>A folder of an FTP server, with TLS (FTPS) unless that is turned off.</summary>
public sealed class FtpKind(Dialer dialer, TimeProvider clock) : IChannelKind
{
    /// <inheritdoc/>
    public string Name => "ftp";

    /// <inheritdoc/>
    public IReadOnlyList<string> Secrets { get; } = ["password"];

    /// <inheritdoc/>
    public Refusal? Check(JsonElement settings) => FtpSettings.Parse(settings).Refused;

    /// <inheritdoc/>
    public IReadOnlyList<SentCredential> Sends(JsonElement settings) => FtpSettings.Parse(settings).Accepted is { } read ? read.Server.Sends(read.Tls == "none" ? "ftp" : "ftps", Secrets) : [];

    /// <inheritdoc/>
    public async Task<IChannel> OpenAsync(ChannelConfiguration configuration, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var read = FtpSettings.Parse(configuration.Settings);
        if (read.Refused is { } refusal) throw new ChannelException(FolderKind.Explain(refusal));
        var settings = read.Accepted!;
        var client = await FtpClient.OpenAsync(dialer, settings, configuration.Secrets.GetValueOrDefault("password") ?? "", cancellation);
        return new FolderChannel(new FtpFolder(client), settings.Folder, clock);
    }
}
