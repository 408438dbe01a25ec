using System.Net;
using System.Net.Sockets;

namespace MoMo.Storage.Cluster;

/// <summary>Where the server listens: a Unix socket in a folder, or a port of 127.0.0.1. Never anywhere else.</summary>
internal sealed record ServerAddress(string Host, int Port)
{
    private const string Loopback = "127.0.0.1";
    private const int SocketPort = 5432; // Only names the socket; it is no port of the machine.
    private const int SocketPathMax = 103; // 107 bytes on Linux, 103 on macOS.

    public bool IsSocket => Host.StartsWith('/');

    /// <summary>
    /// The socket in a folder, if its path fits what systems allow and has no letter that PostgreSQL or Npgsql give a meaning to;
    /// otherwise a free port.
    /// </summary>
    public static ServerAddress Choose(string socketFolder, bool useSocket) =>
        useSocket && socketFolder.Length + "/.s.PGSQL.5432".Length <= SocketPathMax && socketFolder.All(IsPlain)
            ? new ServerAddress(socketFolder, SocketPort)
            : new ServerAddress(Loopback, FreePort());

    private static bool IsPlain(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '/' or '.' or '-' or '_';

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
