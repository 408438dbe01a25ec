using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MoMo.Tests.Psps.MPesa;

/// <summary>Daraja's token and Pull Transactions API, as Safaricom's documents have them: it demands the token and the whole body, and gives two rows on a page.</summary>
internal sealed class DarajaApi : IAsyncDisposable
{
    public const string Key = "consumer-k3y";
    public const string Secret = "consumer-s3cret";
    private const int PageSize = 2;
    private static readonly JsonSerializerOptions AsWritten = new();
    private static readonly TimeSpan EastAfrica = TimeSpan.FromHours(3);

    private readonly WebApplication app;
    private int tokens, answers;

    private DarajaApi(WebApplication app) => this.app = app;

    public string Url => app.Urls.Single();

    /// <summary>Receipt, when it was paid, how much, and what was typed.</summary>
    public ConcurrentDictionary<string, (DateTimeOffset At, string Amount, string Typed)> Paid { get; } = [];

    /// <summary>Questions that were answered, in order.</summary>
    public ConcurrentQueue<(DateTimeOffset From, DateTimeOffset To, int Offset)> Asked { get; } = [];

    /// <summary>Tokens that it gave.</summary>
    public int Tokens => Volatile.Read(ref tokens);

    /// <summary>Tokens up to this one are no longer good.</summary>
    public int TokensEnded { get; set; }

    /// <summary>What it answers instead of a page; null for the page.</summary>
    public Func<IResult>? Instead { get; set; }

    /// <summary>It gives the first page whatever it is asked.</summary>
    public bool IgnoresOffset { get; set; }

    /// <summary>What it says of a token that is no longer good does not end.</summary>
    public bool RefusesForEver { get; set; }

    public static async Task<DarajaApi> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var api = new DarajaApi(app);
        app.MapGet("/oauth/v1/generate", api.Token);
        app.MapPost("/oauth/post", (Delegate)api.PostedTokenAsync);
        app.MapPost("/oauth/dripping", (Delegate)DripAsync);
        app.MapPost("/pulltransactions/v1/query", (Delegate)api.QueryAsync);
        await app.StartAsync();
        return api;
    }

    /// <summary>An answer with names as they are written here.</summary>
    public static IResult Says(object answer, int status = 200) => Results.Json(answer, AsWritten, statusCode: status);

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private IResult Token(HttpContext http, string grant_type) => IsClient(http) && grant_type == "client_credentials" ? NewToken() : Results.StatusCode(400);

    private async Task<IResult> PostedTokenAsync(HttpContext http) =>
        IsClient(http) && (await http.Request.ReadFormAsync())["grant_type"] == "client_credentials" ? NewToken() : Results.StatusCode(400);

    /// <summary>A blank now and then, and never a token.</summary>
    private static async Task DripAsync(HttpContext http)
    {
        while (!http.RequestAborted.IsCancellationRequested)
        {
            await http.Response.WriteAsync(" ", http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
            await Task.Delay(100, http.RequestAborted);
        }
    }

    /// <summary>Begins an answer, and leaves it at that until nobody waits for it any more.</summary>
    private static async Task BeginAsync(HttpContext http, int status)
    {
        http.Response.StatusCode = status;
        await http.Response.WriteAsync("{", http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
        await Task.Delay(Timeout.Infinite, http.RequestAborted);
    }

    private async Task<IResult> QueryAsync(HttpContext http)
    {
        var isGood = IsGood(http.Request.Headers.Authorization.ToString());
        if (!isGood && RefusesForEver) await BeginAsync(http, 404);
        if (!isGood)
            return Says(new { requestId = "1", errorCode = "404.001.03", errorMessage = "Invalid Access Token" }, 404);
        if (Instead is { } instead) return instead();
        var body = await http.Request.ReadFromJsonAsync<Dictionary<string, JsonElement>>();
        if (body is not { Count: 4 } || !http.Request.HasJsonContentType() || body["ShortCode"].GetString() != "600638") return Results.StatusCode(400);
        var (from, to) = (Time(body["StartDate"]), Time(body["EndDate"]));
        var offset = int.Parse(body["OffSetValue"].GetString()!, CultureInfo.InvariantCulture);
        Asked.Enqueue((from, to, offset));
        var found = Paid.Where(one => one.Value.At >= from && one.Value.At <= to).OrderBy(one => one.Value.At).ThenBy(one => one.Key, StringComparer.Ordinal)
            .Skip(IgnoresOffset ? 0 : offset).Take(PageSize).Select(one => new
            {
                transactionId = one.Key, trxDate = one.Value.At.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture), msisdn = 722000000,
                sender = "UAT2", transactiontype = "c2b-pay-bill-debit", billreference = one.Value.Typed, amount = one.Value.Amount,
                organizationname = "Daraja Pull API Test",
            }).ToArray();
        if (found.Length == 0) return Says(new { ResponseRefID = Fresh(), ResponseCode = "1001", ResponseMessage = "Null", Transaction = "[[]]" });
        return Says(new { ResponseRefID = Fresh(), ResponseCode = "1000", ResponseMessage = "Success", Response = new[] { found } });
    }

    /// <summary>No answer is like another, whatever it lists.</summary>
    private string Fresh() => string.Create(CultureInfo.InvariantCulture, $"26178-42530161-{Interlocked.Increment(ref answers)}");

    /// <summary>A token's life is told as a text, as Daraja does.</summary>
    private IResult NewToken() =>
        Results.Json(new { access_token = string.Create(CultureInfo.InvariantCulture, $"t0ken-{Interlocked.Increment(ref tokens)}"), expires_in = "3599" });

    private static bool IsClient(HttpContext http) =>
        http.Request.Headers.Authorization == $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Key}:{Secret}"))}";

    private bool IsGood(string authorization) => authorization.StartsWith("Bearer t0ken-", StringComparison.Ordinal)
        && int.Parse(authorization["Bearer t0ken-".Length..], CultureInfo.InvariantCulture) > TokensEnded;

    private static DateTimeOffset Time(JsonElement text) =>
        new(DateTime.ParseExact(text.GetString()!, "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture), EastAfrica);
}
