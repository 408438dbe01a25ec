using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace MoMo.Simulator.Real;

/// <summary>Talks to silos as anybody could: HTTP, and nothing that the hub's own client knows.</summary>
internal sealed class RealHub : IDisposable
{
    private static readonly JsonSerializerOptions Snake = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(5) })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>From now on speaks as the owner of this key.</summary>
    public void Use(string key) => http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);

    /// <summary>Asks once.</summary>
    /// <returns>The answer; null when none came in time, or not to its end.</returns>
    public async Task<HubAnswer?> AskAsync(Uri silo, HttpMethod method, string path, object? body, TimeSpan patience)
    {
        using var late = new CancellationTokenSource(patience);
        using var request = new HttpRequestMessage(method, new Uri(silo, path));
        if (body is not null) request.Content = new StringContent(JsonSerializer.Serialize(body, Snake), Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        try
        {
            using var response = await http.SendAsync(request, late.Token);
            var bytes = await response.Content.ReadAsByteArrayAsync(late.Token);
            var headers = response.Headers.Concat(response.Content.Headers)
                .ToDictionary(one => one.Key, one => string.Join(", ", one.Value), StringComparer.OrdinalIgnoreCase);
            return new HubAnswer((int)response.StatusCode, bytes, headers);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException)
        {
            return null;
        }
    }

    public void Dispose() => http.Dispose();
}
