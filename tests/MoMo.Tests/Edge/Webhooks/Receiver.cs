using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace MoMo.Tests.Edge.Webhooks;

/// <summary>An account's server: Kestrel on loopback, answering as it is told.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly ConcurrentQueue<ReceivedRequest> requests = new();
    private readonly WebApplication app;

    private Receiver(RequestDelegate answer, X509Certificate2? certificate)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null) listen.UseHttps(certificate);
        }));
        app = builder.Build();
        app.Run(async http =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
            var request = http.Request;
            var headers = new HeaderDictionary(new Dictionary<string, StringValues>(request.Headers, StringComparer.OrdinalIgnoreCase));
            requests.Enqueue(new(request.Method, target, request.Protocol, http.Connection.Id, headers, body.ToArray()));
            await answer(http);
        });
    }

    public ReceivedRequest[] Requests => [.. requests];

    public int Port => Url.Port;

    public Uri Url => new(app.Urls.Single() + "/hook");

    public static async Task<Receiver> StartAsync(RequestDelegate answer, X509Certificate2? certificate = null)
    {
        var receiver = new Receiver(answer, certificate);
        await receiver.app.StartAsync();
        return receiver;
    }

    public static Task<Receiver> StartAsync(int status) => StartAsync(http =>
    {
        http.Response.StatusCode = status;
        return Task.CompletedTask;
    });

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync(new CancellationToken(canceled: true));
        await app.DisposeAsync();
    }
}
