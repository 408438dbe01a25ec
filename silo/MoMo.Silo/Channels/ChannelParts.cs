using Microsoft.Extensions.Options;
using MoMo.Domain.Channels;
using MoMo.Domain.Files;
using MoMo.Edge.Channels;
using MoMo.Edge.Channels.Folder;
using MoMo.Edge.Channels.Ftp;
using MoMo.Edge.Channels.Imap;
using MoMo.Edge.Channels.Poll;
using MoMo.Edge.Channels.Sftp;
using MoMo.Edge.Formats.JsonList;
using MoMo.Edge.Psps.MPesa;
using MoMo.Edge.Webhooks;
using MoMo.Silo.Hosting;
using MoMo.Storage.Channels;

namespace MoMo.Silo.Channels;

/// <summary>The channels: each kind once, and who looks at them.</summary>
internal static class ChannelParts
{
    /// <param name="services">The silo's services.</param>
    /// <param name="data">The data folder: its folder <c>inbox</c> may be watched unless other folders are named.</param>
    public static IServiceCollection AddChannels(this IServiceCollection services, string data)
    {
        services.AddValidated<ChannelOptions>();
        services.AddSingleton(all => all.GetRequiredService<IOptions<ChannelOptions>>().Value);
        services.AddSingleton<IChannelKind>(all => new FolderKind(
            all.GetRequiredService<ChannelOptions>(), Path.Combine(data, "inbox"), all.GetRequiredService<TimeProvider>()));
        services.AddSingleton<Dialer>();
        services.AddSingleton<IChannelKind, SftpKind>();
        services.AddSingleton<IChannelKind, FtpKind>();
        services.AddSingleton<IChannelKind, ImapKind>();
        services.AddSingleton<IChannelKind>(all => new PollKind(
            all.GetRequiredService<Dialer>(), all.GetRequiredService<IOptions<WebhookOptions>>().Value.RequireHttps is true, all.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ChannelKinds>();
        services.AddSingleton<IStatementFormat, JsonListFormat>();
        services.AddSingleton<IStatementFormat, DarajaPullFormat>();
        services.AddSingleton<ChannelItems>();
        services.AddSingleton<BackfillStore>();
        services.AddSingleton<ChannelTaker>();
        services.AddSingleton<ChannelLook>();
        services.AddHostedService<SpoolSweeper>();
        services.AddHostedService<ChannelWorker>();
        return services;
    }
}
