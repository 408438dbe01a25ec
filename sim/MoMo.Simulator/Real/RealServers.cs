using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using ServerMode = MoMo.Simulator.World.ServerMode;

namespace MoMo.Simulator.Real;

/// <summary>The accounts' servers: how each of them behaves, and what it said yes to.</summary>
internal sealed class RealServers : IAsyncDisposable
{
    /// <summary>The path where references are asked about.</summary>
    public const string LookupPath = "/lookup";

    /// <summary>References that begin so are known to the server that is asked.</summary>
    public const string KnownPrefix = "known-";

    private static readonly TimeSpan HangMax = TimeSpan.FromSeconds(30);

    private readonly AccountServer server;
    private readonly Random chance;
    private readonly ConcurrentDictionary<(Guid Delivery, int Attempt), bool> accepted = new();

    private RealServers(AccountServer server, Random chance) => (this.server, this.chance) = (server, chance);

    /// <summary>The HTTP server behind them all.</summary>
    public AccountServer Server => server;

    public static async Task<RealServers> StartAsync(Random chance, RealJudge judge)
    {
        var server = await AccountServer.StartAsync();
        server.Look = judge.ReceivedAsync;
        return new RealServers(server, chance);
    }

    /// <summary>Whether an attempt was answered with a yes.</summary>
    public bool Accepted(Guid delivery, int attempt) => accepted.ContainsKey((delivery, attempt));

    /// <summary>From now on a server behaves so.</summary>
    public void Behave(string path, ServerMode mode) => server.Behave(path, http => AnswerAsync(http, path, mode == ServerMode.Flapping ? Any() : mode));

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private ServerMode Any()
    {
        lock (chance) return (ServerMode)chance.Next((int)ServerMode.Flapping);
    }

    private int Next(int min, int max)
    {
        lock (chance) return chance.Next(min, max);
    }

    private async Task AnswerAsync(HttpContext http, string path, ServerMode mode)
    {
        switch (mode)
        {
            case ServerMode.Dead or ServerMode.StoresThenHangs:
                await Task.Delay(HangMax, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                http.Abort();
                return;
            case ServerMode.Refusing:
                http.Abort();
                return;
            case ServerMode.Failing or ServerMode.StoresThenFails:
                http.Response.StatusCode = StatusCodes.Status500InternalServerError;
                return;
            case ServerMode.TooMany:
                http.Response.StatusCode = StatusCodes.Status429TooManyRequests;
                http.Response.Headers.RetryAfter = Next(1, 600).ToString(CultureInfo.InvariantCulture);
                return;
            case ServerMode.Gone:
                http.Response.StatusCode = StatusCodes.Status410Gone;
                return;
            case ServerMode.Slow:
                await Task.Delay(TimeSpan.FromMilliseconds(Next(500, 2_800)), http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                break;
        }

        if (path == LookupPath)
        {
            var known = http.Request.Query["reference_id"].ToString().StartsWith(KnownPrefix, StringComparison.Ordinal);
            http.Response.StatusCode = known ? StatusCodes.Status200OK : StatusCodes.Status404NotFound;
        }
        else if (http.Items[typeof(ReceivedWebhook)] is ReceivedWebhook webhook)
        {
            accepted[(Guid.Parse(webhook.Id), webhook.Attempt)] = true;
        }
        else
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
        }
    }
}
