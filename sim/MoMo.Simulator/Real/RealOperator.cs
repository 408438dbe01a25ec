namespace MoMo.Simulator.Real;

/// <summary>People at work, through the API: assign what is in suspense, send deliveries again, pause destinations and let them go on.</summary>
internal sealed class RealOperator(RealWorld world, Random chance)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly string[] States = ["pending", "delivered", "dead"];

    /// <summary>Works until told to stop.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            await Task.Delay(chance.Next(50, 600), CancellationToken.None);
            if (world.Pick(chance) is not { Url: { } url }) continue;
            switch (chance.Next(5))
            {
                case < 2:
                    await AssignAsync(url);
                    break;
                case < 4:
                    await RetryAsync(url);
                    break;
                default:
                    await PauseAsync(url, RealWorld.Told[chance.Next(RealWorld.Told.Length)], chance.Next(2) == 0);
                    break;
            }
        }
    }

    /// <summary>Pauses a destination, or lets it go on.</summary>
    /// <returns>Whether it was done.</returns>
    public async Task<bool> PauseAsync(Uri url, string account, bool paused) =>
        await AskAsync(url, HttpMethod.Put, $"/v1/accounts/{account}/destinations/hook", new { Url = world.UrlOf(account), Paused = paused }, 200) is { Status: 200 };

    /// <summary>Makes a delivery due again.</summary>
    public Task RetryAsync(Uri url, Guid delivery) => AskAsync(url, HttpMethod.Post, $"/v1/deliveries/{delivery}/retry", null, 202);

    private async Task RetryAsync(Uri url)
    {
        if (await ListAsync(url, $"/v1/deliveries?limit=50&state={States[chance.Next(States.Length)]}") is { Count: > 0 } deliveries)
            await RetryAsync(url, deliveries[chance.Next(deliveries.Count)]);
    }

    private async Task AssignAsync(Uri url)
    {
        if (await ListAsync(url, "/v1/suspense?limit=50") is not { Count: > 0 } suspended) return;
        var payment = suspended[chance.Next(suspended.Count)];
        var account = RealWorld.Accounts[chance.Next(RealWorld.Accounts.Length)];
        var answer = await AskAsync(url, HttpMethod.Post, $"/v1/suspense/{payment}/assign", new { AccountId = account, Reason = "It is theirs." }, 200, 201, 409);
        if (answer is not { Status: 200 or 201 }) return;
        if (answer.Text("account_id") != account || world.Judge.Assigned.GetOrAdd(payment, account) != account)
            world.Judge.Accuse("law 2, acknowledged is stored", $"Payment {payment} was given to {account}, and before to {world.Judge.Assigned[payment]}: {answer}");
    }

    private async Task<List<Guid>?> ListAsync(Uri url, string path) =>
        await AskAsync(url, HttpMethod.Get, path, null, 200) is { Status: 200 } answer
            ? [.. answer.Json.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetGuid())]
            : null;

    private async Task<HubAnswer?> AskAsync(Uri url, HttpMethod method, string path, object? body, params int[] expected)
    {
        var answer = await world.Hub.AskAsync(url, method, path, body, Patience);
        // A list that took the database too long is refused, and may be.
        if (answer is not null && !expected.Contains(answer.Status) && answer.Text("code") != "list-too-wide") world.Judge.IsBusy(answer, $"{method} {path}");
        return answer;
    }
}
