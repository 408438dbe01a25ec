using System.Net;
using System.Text.Json;
using MoMo.Silo.Docs;

namespace MoMo.Silo.Demo;

/// <summary>The accounts' own server, played by the demo on a loopback port of its own: receives webhooks, answers lookups, shows both.</summary>
internal sealed class DemoAccountServer : IAsyncDisposable
{
    private const int BodyMax = 64 * 1024;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly WebApplication app;

    private DemoAccountServer(WebApplication app, Uri address) => (this.app, Address) = (app, address);

    /// <summary>Where it is.</summary>
    public Uri Address { get; }

    /// <summary>Starts it on the port, or on any that is free when the port is taken.</summary>
    public static async Task<DemoAccountServer> StartAsync(DemoDesk desk, int port, TimeProvider clock, CancellationToken cancellation)
    {
        try
        {
            return await TryStartAsync(desk, port, clock, cancellation);
        }
        catch (IOException) when (port != 0)
        {
            return await TryStartAsync(desk, 0, clock, cancellation);
        }
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private static async Task<DemoAccountServer> TryStartAsync(DemoDesk desk, int port, TimeProvider clock, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, port);
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = BodyMax;
            kestrel.Limits.MaxConcurrentConnections = 1_000;
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(clock);
        var app = builder.Build();
        app.UseRouting();
        Map(app, desk);
        try
        {
            await app.StartAsync(cancellation);
        }
        catch (IOException)
        {
            await app.DisposeAsync();
            throw;
        }

        return new DemoAccountServer(app, new Uri(app.Urls.First()));
    }

    private static void Map(WebApplication app, DemoDesk desk)
    {
        app.MapGet("/", () => Results.Text(Embedded.Text("demo.html"), "text/html", System.Text.Encoding.UTF8));
        app.MapGet("/momo.css", () => Results.Text(Embedded.Text("momo.css"), "text/css", System.Text.Encoding.UTF8));
        app.MapGet("/events.json", () => Results.Json(desk.Snapshot(), Json));
        app.MapGet("/{account}/lookup", (string account, string? reference_id) =>
            DemoAccount.All.FirstOrDefault(one => one.Id == account)?.LookupPrefix is { } prefix
            && reference_id?.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) == true
                ? Results.Ok()
                : Results.NotFound());
        app.MapPost("/{account}", async (string account, HttpContext http) =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body, http.RequestAborted);
            return desk.Receive(account, http.Request.Headers, body.ToArray()) is { } status ? Results.StatusCode(status) : Results.NotFound();
        });
    }
}
