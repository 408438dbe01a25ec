using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace MoMo.Bench.Load;

/// <summary>The accounts' servers: one Kestrel on loopback that reads what comes and says yes. Paths may be dead or slow.</summary>
internal sealed class Sink : IAsyncDisposable
{
    /// <summary>Where a hub would take payments.</summary>
    private const string Payments = "/v1/payments";

    private readonly WebApplication app;
    private readonly ConcurrentDictionary<string, bool> dead = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, TimeSpan> slow = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<(string Path, long At)> arrivals = new();
    private long received;

    private Sink(WebApplication app) => this.app = app;

    public string Url => app.Urls.Single();

    public IPEndPoint Address => IPEndPoint.Parse(new Uri(Url).Authority);

    /// <summary>Requests that were answered with yes.</summary>
    public long Received => Interlocked.Read(ref received);

    /// <summary>What arrived, by path and timestamp, since it was last asked.</summary>
    public List<(string Path, long At)> TakeArrivals()
    {
        List<(string, long)> taken = [];
        while (arrivals.TryDequeue(out var one)) taken.Add(one);
        return taken;
    }

    public static async Task<Sink> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var sink = new Sink(builder.Build());
        sink.app.Run(sink.ServeAsync);
        await sink.app.StartAsync();
        return sink;
    }

    public void Kill(string path) => dead[path] = true;

    public void Slow(string path, TimeSpan by) => slow[path] = by;

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync(new CancellationToken(canceled: true));
        await app.DisposeAsync();
    }

    private async Task ServeAsync(HttpContext http)
    {
        var path = http.Request.Path.Value!;
        await http.Request.Body.CopyToAsync(Stream.Null);
        if (slow.TryGetValue(path, out var by)) await Task.Delay(by, http.RequestAborted);
        if (dead.ContainsKey(path))
        {
            http.Response.StatusCode = StatusCodes.Status500InternalServerError;
            return;
        }

        if (http.Request.Path == Payments) http.Response.StatusCode = StatusCodes.Status201Created;
        Interlocked.Increment(ref received);
        arrivals.Enqueue((path, TimeProvider.System.GetTimestamp()));
    }
}
