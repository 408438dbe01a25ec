using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MoMo.Tests.Questions;

/// <summary>A PSP that is asked how payments stand: gives tokens to whom it knows, and answers what a test wants.</summary>
internal sealed class AskedPsp : IAsyncDisposable
{
    public const string User = "0f1e2d3c-aaaa-4bbb-8ccc-123456789abc";
    public const string Password = "api-key-s3cret";
    public const string Key = "subscription-s3cret";

    private readonly WebApplication app;
    private int tokens;

    private AskedPsp(WebApplication app) => this.app = app;

    public string Url => app.Urls.Single();

    /// <summary>What it answers, by reference. Nobody knows another.</summary>
    public ConcurrentDictionary<string, Func<HttpContext, Task<IResult>>> Answers { get; } = [];

    /// <summary>References that it was asked for, in order.</summary>
    public ConcurrentQueue<string> Asked { get; } = [];

    /// <summary>Requests as they came: the headers of each question.</summary>
    public ConcurrentQueue<IReadOnlyDictionary<string, string>> Headers { get; } = [];

    /// <summary>Tokens that it gave.</summary>
    public int Tokens => Volatile.Read(ref tokens);

    /// <summary>Tokens up to this one are no longer good.</summary>
    public int TokensEnded { get; set; }

    /// <summary>What it answers when it is asked for a token; null for a token.</summary>
    public Func<IResult>? InsteadOfToken { get; set; }

    public static async Task<AskedPsp> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var psp = new AskedPsp(app);
        app.MapPost("/collection/token/", psp.TokenForBasic);
        app.MapPost("/api/Auth/RequestToken", (Delegate)psp.TokenForJsonAsync);
        app.MapGet("/status/{reference}", (string reference, HttpContext http) => psp.AnswerAsync(reference, http));
        app.MapGet("/status", (string id, HttpContext http) => psp.AnswerAsync(id, http));
        app.MapGet("/open/{reference}", (string reference, HttpContext http) => psp.AnswerAsync(reference, http, open: true));
        await app.StartAsync();
        return psp;
    }

    /// <summary>Answers a reference with JSON from now on.</summary>
    public void Says(string reference, string json) => Answers[reference] = _ => Task.FromResult(Results.Text(json, "application/json"));

    /// <summary>How often it was asked for a reference.</summary>
    public int CountOf(string reference) => Asked.Count(one => one == reference);

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private IResult TokenForBasic(HttpContext http)
    {
        if (InsteadOfToken is { } instead) return instead();
        var basic = $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{Password}"))}";
        return http.Request.Headers.Authorization == basic && http.Request.Headers["Ocp-Apim-Subscription-Key"] == Key && http.Request.ContentLength == 0
            ? Results.Json(new { access_token = Next(), token_type = "access_token", expires_in = 3600 })
            : Results.StatusCode(401);
    }

    private async Task<IResult> TokenForJsonAsync(HttpContext http)
    {
        var body = await http.Request.ReadFromJsonAsync<Dictionary<string, string>>();
        return body is not null && body["consumer_key"] == User && body["consumer_secret"] == Password
            ? Results.Json(new { token = Next(), expiryDate = TimeProvider.System.GetUtcNow().AddMinutes(5).ToString("O", CultureInfo.InvariantCulture), error = (string?)null, status = "200" })
            : Results.Json(new { error = new { code = "invalid_consumer_key_or_secret_provided" }, status = "500" });
    }

    private async Task<IResult> AnswerAsync(string reference, HttpContext http, bool open = false)
    {
        Headers.Enqueue(http.Request.Headers.ToDictionary(one => one.Key, one => one.Value.ToString(), StringComparer.OrdinalIgnoreCase));
        if (!open && !IsGood(http.Request.Headers.Authorization.ToString())) return Results.StatusCode(401);
        Asked.Enqueue(reference);
        return Answers.TryGetValue(reference, out var answer) ? await answer(http) : Results.Json(new { code = "RESOURCE_NOT_FOUND" }, statusCode: 404);
    }

    private string Next() => string.Create(CultureInfo.InvariantCulture, $"token-s3cret-{Interlocked.Increment(ref tokens)}");

    private bool IsGood(string authorization) => authorization.StartsWith("Bearer token-s3cret-", StringComparison.Ordinal)
        && int.Parse(authorization["Bearer token-s3cret-".Length..], CultureInfo.InvariantCulture) > TokensEnded;
}
