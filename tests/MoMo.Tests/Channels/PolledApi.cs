using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MoMo.Tests.Channels;

/// <summary>A PSP's web API: transactions by time, two on a page; or all after a cursor.</summary>
internal sealed class PolledApi : IAsyncDisposable
{
    private const int PageSize = 2;
    private readonly WebApplication app;

    private PolledApi(WebApplication app) => this.app = app;

    public string Url => app.Urls.Single();

    /// <summary>Id, and when it happened.</summary>
    public ConcurrentDictionary<string, DateTimeOffset> Transactions { get; } = [];

    /// <summary>What was asked, in order.</summary>
    public ConcurrentQueue<(DateTimeOffset From, DateTimeOffset To, string Cursor)> Asked { get; } = [];

    /// <summary>What to answer instead; null for the truth.</summary>
    public Func<HttpContext, IResult>? Instead { get; set; }

    /// <summary>What happens before a question is answered; null for nothing.</summary>
    public Func<HttpContext, Task>? Before { get; set; }

    public static async Task<PolledApi> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var api = new PolledApi(app);
        app.Use((http, next) => api.Before is { } before ? BeforeAsync(before, http, next) : next(http));
        app.MapGet("/tx", api.ByTime);
        app.MapGet("/log", api.ByCursor);
        await app.StartAsync();
        return api;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private static async Task BeforeAsync(Func<HttpContext, Task> before, HttpContext http, RequestDelegate next)
    {
        await before(http);
        await next(http);
    }

    private IResult ByTime(HttpContext http, string from, string to, string? cursor)
    {
        if (Instead is { } instead) return instead(http);
        if (http.Request.Headers.Authorization != "Bearer t0ken") return Results.StatusCode(401);
        var (begin, end) = (DateTimeOffset.Parse(from, CultureInfo.InvariantCulture), DateTimeOffset.Parse(to, CultureInfo.InvariantCulture));
        Asked.Enqueue((begin, end, cursor ?? ""));
        var skip = string.IsNullOrEmpty(cursor) ? 0 : int.Parse(cursor, CultureInfo.InvariantCulture);
        var found = Transactions.Where(one => one.Value >= begin && one.Value < end).OrderBy(one => one.Value).ThenBy(one => one.Key, StringComparer.Ordinal).Skip(skip).ToArray();
        return Page(found, found.Length > PageSize ? $"{skip + PageSize}" : null);
    }

    private IResult ByCursor(string? after)
    {
        Asked.Enqueue((default, default, after ?? ""));
        var skip = string.IsNullOrEmpty(after) ? 0 : int.Parse(after, CultureInfo.InvariantCulture);
        var found = Transactions.OrderBy(one => one.Value).ThenBy(one => one.Key, StringComparer.Ordinal).Skip(skip).ToArray();
        return Page(found, found.Length > PageSize ? $"{skip + PageSize}" : null);
    }

    private static IResult Page(KeyValuePair<string, DateTimeOffset>[] found, string? next) => Results.Json(new
    {
        data = new { items = found.Take(PageSize).Select(one => new { id = one.Key, amount = 10.00m, currency = "KES", account = "acme", status = "SUCCESS", at = one.Value }) },
        paging = new { next },
    });
}
