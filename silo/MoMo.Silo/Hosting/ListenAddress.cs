using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace MoMo.Silo.Hosting;

/// <summary>An address at which this machine reaches the silo.</summary>
internal static class ListenAddress
{
    public static string Of(IServer server)
    {
        ArgumentNullException.ThrowIfNull(server);
        var all = server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        var address = all.FirstOrDefault(one => one.StartsWith("http://", StringComparison.Ordinal)) ?? all.FirstOrDefault() ?? HubSettings.UrlDefault;
        // Listening everywhere is no address to call.
        return address.Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal).Replace("[::]", "127.0.0.1", StringComparison.Ordinal)
            .Replace("://+", "://127.0.0.1", StringComparison.Ordinal).Replace("://*", "://127.0.0.1", StringComparison.Ordinal).TrimEnd('/');
    }
}
