using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace MoMo.Simulator.Real;

/// <summary>
/// The accounts' server: Kestrel on loopback, a path for each account. Checks every signature with the receiver's own reading of the standard,
/// remembers what came, and answers as it is told.
/// </summary>
internal sealed class AccountServer : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, byte[]> secrets = new();
    private readonly ConcurrentDictionary<string, Func<HttpContext, Task>> behaviours = new();
    private readonly ConcurrentQueue<ReceivedWebhook> received = new();
    private readonly ConcurrentQueue<string> faults = new();
    private readonly TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly WebApplication app;
    private int hanging;

    private AccountServer()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        app = builder.Build();
        app.Run(ServeAsync);
    }

    /// <summary>Looks at each webhook before it is answered.</summary>
    public Func<ReceivedWebhook, Task>? Look { get; set; }

    /// <summary>All webhooks that came, refused ones too, in the order of their arrival.</summary>
    public IReadOnlyCollection<ReceivedWebhook> Received => received;

    /// <summary>What was wrong with what came: signatures, bodies.</summary>
    public IReadOnlyCollection<string> Faults => faults;

    /// <summary>Requests that are held without an answer now.</summary>
    public int Hanging => Volatile.Read(ref hanging);

    public static async Task<AccountServer> StartAsync()
    {
        var server = new AccountServer();
        await server.app.StartAsync();
        return server;
    }

    public Uri UrlOf(string path) => new(new Uri(app.Urls.Single()), path);

    /// <summary>From now on a path's webhooks must be signed with this secret (<c>whsec_…</c>).</summary>
    public void Expect(string path, string secret) => secrets[path] = Convert.FromBase64String(secret["whsec_".Length..]);

    /// <summary>From now on a path behaves like this, after what came was read. What was read is in the request's items under its type.</summary>
    public void Behave(string path, Func<HttpContext, Task> behave) => behaviours[path] = behave;

    /// <summary>Answers a path with a status, and asks to wait.</summary>
    public void Answer(string path, int status, int? retryAfterSeconds = null) => behaviours[path] = http =>
    {
        http.Response.StatusCode = status;
        if (retryAfterSeconds is { } seconds) http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return Task.CompletedTask;
    };

    /// <summary>Never answers a path, until the server stops or the caller goes away.</summary>
    public void Hang(string path) => behaviours[path] = async http =>
    {
        Interlocked.Increment(ref hanging);
        await released.Task.WaitAsync(http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Interlocked.Decrement(ref hanging);
    };

    /// <summary>Answers a path's questions whether it knows a reference.</summary>
    public void Know(string path, params string[] references) => behaviours[path] = http =>
    {
        http.Response.StatusCode = references.Contains(http.Request.Query["reference_id"].ToString()) ? 200 : 404;
        return Task.CompletedTask;
    };

    public async ValueTask DisposeAsync()
    {
        released.TrySetResult();
        await app.StopAsync(new CancellationToken(canceled: true));
        await app.DisposeAsync();
    }

    private async Task ServeAsync(HttpContext http)
    {
        var path = http.Request.Path.Value!;
        if (http.Request.Method == HttpMethods.Post) await ReceiveAsync(path, http);
        if (behaviours.TryGetValue(path, out var behave)) await behave(http);
    }

    private async Task ReceiveAsync(string path, HttpContext http)
    {
        using var bytes = new MemoryStream();
        await http.Request.Body.CopyToAsync(bytes);
        var (headers, body) = (http.Request.Headers, bytes.ToArray());
        var (id, time) = (headers["webhook-id"].ToString(), headers["webhook-timestamp"].ToString());
        if (!secrets.TryGetValue(path, out var secret) || !Verifier.Accepts(secret, id, time, headers["webhook-signature"].ToString(), body))
        {
            faults.Enqueue($"{path}: webhook {id} is not signed as it should be.");
            return;
        }

        var json = JsonElement.Parse(body);
        var data = json.GetProperty("data");
        var webhook = new ReceivedWebhook(
            path, id, json.GetProperty("type").GetString()!, data.GetProperty("id").GetGuid(), data.GetProperty("account_id").GetString()!,
            data.GetProperty("sequence").GetInt64(), json.GetProperty("attempt").GetInt32());
        received.Enqueue(webhook);
        http.Items[typeof(ReceivedWebhook)] = webhook;
        if (Look is not { } look) return;
        try
        {
            await look(webhook);
        }
        catch (Exception e)
        {
            faults.Enqueue($"{webhook}: {e.Message}");
        }
    }
}
