using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace MoMo.Tests.Support;

/// <summary>Talks to a hub as anybody could: HTTP, and nothing that the hub's own client knows.</summary>
internal sealed class HubClient : IDisposable
{
    /// <summary>No request may take longer; one that does fails its test.</summary>
    public static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(20);

    private static readonly JsonSerializerOptions Snake = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly HttpClient http;

    public HubClient(Uri url, string? key, int connectionsMax = 256)
    {
        http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = connectionsMax, UseProxy = false }) { BaseAddress = url, Timeout = AnswerMax };
        if (key is not null) http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    public Uri Url => http.BaseAddress!;

    /// <summary>The underlying client, for streams.</summary>
    public HttpClient Http => http;

    public Task<HubAnswer> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null);

    public Task<HubAnswer> PostAsync(string path, object body) => SendAsync(HttpMethod.Post, path, Json(body));

    public Task<HubAnswer> PutAsync(string path, object body) => SendAsync(HttpMethod.Put, path, Json(body));

    /// <summary>Asks for a media type; null for none.</summary>
    public Task<HubAnswer> GetAsync(string path, string? accept) => SendAsync(HttpMethod.Get, path, null, accept);

    public async Task<HubAnswer> SendAsync(HttpMethod method, string path, HttpContent? body, string? accept = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        if (accept is not null) request.Headers.Add("Accept", accept);
        using var response = await http.SendAsync(request);
        var headers = response.Headers.Concat(response.Content.Headers).ToDictionary(one => one.Key, one => string.Join(", ", one.Value), StringComparer.OrdinalIgnoreCase);
        return new HubAnswer((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(), headers);
    }

    /// <summary>A body of JSON with names in snake_case; text is taken as it is.</summary>
    public static StringContent Json(object body) =>
        new(body as string ?? JsonSerializer.Serialize(body, Snake), Encoding.UTF8, new MediaTypeHeaderValue("application/json"));

    public Task AddPspAsync(string id) => MakeAsync("/v1/psps", new { id, name = $"PSP {id}" });

    public Task AddAccountAsync(string id, string? lookupUrl = null) => MakeAsync("/v1/accounts", new { id, name = $"Account {id}", lookupUrl });

    public Task AddReferenceAsync(string account, string id) => MakeAsync($"/v1/accounts/{account}/references", new { id });

    public Task<JsonElement> AddAdapterAsync(string id, string psp, string format, object? settings = null, object[]? rules = null) =>
        MakeAsync("/v1/adapters", new { id, name = $"Adapter {id}", psp, format, settings, rules });

    /// <summary>A new key as text.</summary>
    public async Task<string> AddKeyAsync(params string[] scopes) =>
        (await MakeAsync("/v1/keys", new { name = string.Join(' ', scopes), scopes })).GetProperty("key").GetString()!;

    /// <summary>Tells an account by webhook at its own path of the server.</summary>
    public async Task AddWebhookAsync(string account, AccountServer server, string? path = null)
    {
        path ??= $"/{account}";
        var made = await MakeAsync($"/v1/accounts/{account}/destinations", new { id = "hook", url = server.UrlOf(path).ToString() });
        server.Expect(path, made.GetProperty("secret").GetString()!);
    }

    /// <summary>Reports a payment.</summary>
    public Task<HubAnswer> PayAsync(string psp, string pspReference, string? accountId, string amount = "10.00", string? referenceId = null) =>
        PostAsync("/v1/payments", new { psp, pspReference, accountId, referenceId, amount, currency = "KES" });

    public void Dispose() => http.Dispose();

    private async Task<JsonElement> MakeAsync(string path, object body)
    {
        var made = await PostAsync(path, body);
        Assert.True(made.Status == 201, $"{path}: {made}");
        return made.Json;
    }
}
