using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MoMo.Cli.Simulation;

/// <summary>
/// The status API of a simulated PSP, on this machine: it knows what was really paid, whatever callbacks say, and demands what the PSP demands. Payments that
/// come late are pending when they are asked about first.
/// </summary>
internal sealed class StatusServer : IDisposable
{
    private const int BodyMax = 64 * 1024;
    private const int PortsMax = 20;

    private readonly IAskedFamily family;
    private readonly IReadOnlyDictionary<string, string> shared;
    private readonly HttpListener listener;
    private readonly Dictionary<string, SimulatedSend> payments = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> asked = new(StringComparer.Ordinal);

    private StatusServer(IAskedFamily family, IReadOnlyDictionary<string, string> shared, HttpListener listener, string url) =>
        (this.family, this.shared, this.listener, Url) = (family, shared, listener, url);

    /// <summary>Where it is.</summary>
    public string Url { get; }

    /// <summary>Payments that it was asked about, forgeries included.</summary>
    public int Asked => asked.Count;

    /// <summary>Listens on a free port of loopback, or on the one that is given.</summary>
    /// <exception cref="Complaint">The port is taken.</exception>
    public static StatusServer Start(IAskedFamily family, IReadOnlyDictionary<string, string> shared, int port)
    {
        for (var attempt = 1; ; attempt++)
        {
            var (listener, url) = (new HttpListener(), string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{(port == 0 ? FreePort() : port)}"));
            listener.Prefixes.Add($"{url}/");
            try
            {
                listener.Start();
                var server = new StatusServer(family, shared, listener, url);
                _ = server.ServeAsync();
                return server;
            }
            catch (Exception e) when (e is HttpListenerException or SocketException)
            {
                listener.Close();
                // Somebody else took the free port meanwhile.
                if (port != 0 || attempt == PortsMax) throw new Complaint($"nothing can be served at {url}: {e.Message}", "Give another --status-port.", ExitCode.Failed);
            }
        }
    }

    /// <summary>What was really paid: what the PSP tells of, however it tells, or does not tell at all.</summary>
    public void Knows(IEnumerable<SimulatedSend> plan)
    {
        foreach (var send in plan.Where(one => one.Kind is SendKind.Plain or SendKind.Late or SendKind.Lost)) payments[family.AskedBy(send.Payment)] = send;
    }

    /// <summary>Ends it.</summary>
    public void Dispose() => listener.Close();

    private async Task ServeAsync()
    {
        try
        {
            while (listener.IsListening) _ = AnswerAsync(await listener.GetContextAsync());
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or InvalidOperationException)
        {
            // It was closed.
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        try
        {
            var (request, body) = (context.Request, new char[BodyMax]);
            using var reader = new StreamReader(request.InputStream, Encoding.UTF8);
            var length = await reader.ReadBlockAsync(body);
            var reply = family.Answer(
                new StatusRequest(
                    request.HttpMethod, Uri.UnescapeDataString(request.Url!.AbsolutePath), name => request.QueryString[name], name => request.Headers[name],
                    new string(body, 0, length)),
                shared,
                Find);
            context.Response.StatusCode = reply.Status;
            context.Response.ContentType = "application/json";
            await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(reply.Body));
            context.Response.Close();
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or IOException or InvalidOperationException)
        {
            // Who asked has gone, or asked what can't be understood.
            context.Response.Abort();
        }
    }

    private KnownPayment? Find(string name)
    {
        var times = asked.AddOrUpdate(name, 1, (_, before) => before + 1);
        return payments.TryGetValue(name, out var send) ? new KnownPayment(send.Payment, IsPending: send.Kind == SendKind.Late && times == 1) : null;
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
