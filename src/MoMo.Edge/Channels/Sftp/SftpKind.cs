using System.Text.Json;
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
    public async Task<IChannel> OpenAsync(ChannelConfiguration configuration, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var read = SftpSettings.Parse(configuration.Settings);
        if (read.Refused is { } refusal) throw new ChannelException(FolderKind.Explain(refusal));
        var settings = read.Accepted!;
        // The address that was judged is the one that the program gets; a first connection finds out which of several answers.
        System.Net.IPAddress address;
        using (var socket = await dialer.ConnectAsync(settings.Server.Host, settings.Server.Port, cancellation))
            address = ((System.Net.IPEndPoint)socket.RemoteEndPoint!).Address;
        var ssh = SshProcess.Start(settings, address, configuration.Secrets, dialer.ConnectTimeout, dialer.SilenceMax);
        var client = new SftpClient(ssh, dialer.SilenceMax);
        try
        {
            await client.BeginAsync(cancellation);
            return new FolderChannel(new SftpFolder(client, settings.Folder.Path), settings.Folder, clock);
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }
}
