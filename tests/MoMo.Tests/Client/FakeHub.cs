using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MoMo.Tests.Client;

/// <summary>A small server that plays the hub: each test says what it answers. Keeps what it was asked.</summary>
internal sealed class FakeHub : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<string> requests = new();

    private FakeHub(WebApplication app) => this.app = app;

    /// <summary>Where it listens; ends in a slash.</summary>
    public Uri Url => new(app.Urls.First() + "/");

    /// <summary>What it was asked, in order: method, path and query, <c>If-Match</c> where given.</summary>
    public IReadOnlyCollection<string> Requests => requests;

    /// <summary>The <c>Authorization</c> header of the last request.</summary>
    public string? Authorization { get; private set; }

    public static async Task<FakeHub> StartAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var hub = new FakeHub(app);
        app.Run(context =>
        {
            hub.Note(context.Request);
            return answer(context);
        });
        await app.StartAsync();
        return hub;
    }

    /// <summary>Always gives the same answer.</summary>
    public static Task<FakeHub> StartAsync(int status, string json) => StartAsync(context => AnswerAsync(context, status, json));

    public static Task AnswerAsync(HttpContext context, int status, string json)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = status < 400 ? "application/json" : "application/problem+json";
        return context.Response.WriteAsync(json);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private void Note(HttpRequest request)
    {
        Authorization = request.Headers.Authorization;
        var version = request.Headers.IfMatch.Count > 0 ? $" If-Match {request.Headers.IfMatch}" : "";
        requests.Enqueue($"{request.Method} {request.Path}{request.QueryString}{version}");
    }
}
