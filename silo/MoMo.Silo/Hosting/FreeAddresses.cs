using System.Net;
using System.Net.Sockets;

namespace MoMo.Silo.Hosting;

/// <summary>Looks whether the addresses to listen on are free, before a database is started or migrated for nothing.</summary>
internal static class FreeAddresses
{
    /// <summary>What to do about an address that is taken.</summary>
    public const string Elsewhere = "If it is a hub, use it or stop it; or listen elsewhere: ./momo up --urls http://127.0.0.1:8081";

    /// <exception cref="StartException">One of them can't be listened on.</exception>
    public static void Require(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        foreach (var url in Urls(configuration)) Require(url);
    }

    /// <summary>As the server has it: endpoints of its own section come before plain URLs.</summary>
    private static string[] Urls(IConfiguration configuration)
    {
        string[] own = [.. configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(one => one["Url"]).OfType<string>()];
        if (own.Length > 0) return own;
        var given = configuration["urls"];
        return (string.IsNullOrEmpty(given) ? HubSettings.UrlDefault : given).Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    private static void Require(string url)
    {
        BindingAddress address;
        try
        {
            address = BindingAddress.Parse(url);
        }
        catch (FormatException e)
        {
            throw new StartException($"'{url}' is no address to listen on.", "Give one such as --urls http://127.0.0.1:8080", e) { ExitCode = StartException.Misused };
        }

        if (address.IsUnixPipe || address.IsNamedPipe || address.Port == 0) return;
        foreach (var place in Places(address.Host)) Require(url, place, address.Port);
    }

    private static IPAddress[] Places(string host)
    {
        if (host.Equals("localhost", StringComparison.OrdinalIgnoreCase)) return [IPAddress.Loopback];
        if (IPAddress.TryParse(host.Trim('[', ']'), out var given)) return [given];
        return [Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any];
    }

    private static void Require(string url, IPAddress place, int port)
    {
        try
        {
            using var socket = new Socket(place.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            if (place.Equals(IPAddress.IPv6Any)) socket.DualMode = true;
            socket.Bind(new IPEndPoint(place, port));
            socket.Listen(1);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new StartException($"Another program listens on {url} already.", Elsewhere, e);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AccessDenied)
        {
            throw new StartException($"This user may not listen on {url}: ports below 1024 are root's.", "Listen on a higher port: --urls http://127.0.0.1:8080", e);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressNotAvailable)
        {
            throw new StartException($"{url} is not an address of this machine.", "Listen on one of its own, or on all: --urls http://0.0.0.0:8080", e);
        }
        catch (SocketException)
        {
            // Whatever it is, the server finds it as well, and knows more of it.
        }
    }
}
