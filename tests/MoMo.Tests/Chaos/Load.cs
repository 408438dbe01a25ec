using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using MoMo.Tests.Support;

namespace MoMo.Tests.Chaos;

/// <summary>
/// Adapters that never give up: each sends payments one after another, new ones, repeats and changed repeats, and sends again whatever was not
/// answered. Keeps what was acknowledged and notes every answer that no law allows. All its chance comes from one seed.
/// </summary>
internal sealed class Load
{
    private const int RecentMax = 200;

    private readonly ConcurrentQueue<Sent> recent = new();
    private readonly ConcurrentBag<Sent> all = [];
    private readonly ConcurrentQueue<string> faults = new();
    private readonly string[] accounts;
    private readonly Func<Random, Task<HubClient>> reach;
    private readonly Task[] drivers;
    private int acknowledged;
    private int busy;
    private int broken;
    private volatile string brokenLast = "none";
    private volatile bool stopping;

    /// <param name="seed">Where all chance comes from; printed with each failure.</param>
    /// <param name="drivers">How many send at the same time.</param>
    /// <param name="accounts">Accounts that payments are for; one more, unknown, goes to suspense.</param>
    /// <param name="reach">A hub to send to; ends when there is one.</param>
    public Load(int seed, int drivers, IEnumerable<string> accounts, Func<Random, Task<HubClient>> reach)
    {
        (this.accounts, this.reach) = ([.. accounts, "nobody"], reach);
        this.drivers = [.. Enumerable.Range(0, drivers).Select(driver => Task.Run(() => DriveAsync(driver, new Random(HashCode.Combine(seed, driver)))))];
    }

    /// <summary>Answers that no law allows.</summary>
    public IReadOnlyCollection<string> Faults => faults;

    /// <summary>All that was sent, answered or not.</summary>
    public IReadOnlyCollection<Sent> All => all;

    /// <summary>Acknowledgements so far, repeats too.</summary>
    public int Acknowledged => Volatile.Read(ref acknowledged);

    /// <summary>Answers that said to ask again.</summary>
    public int Busy => Volatile.Read(ref busy);

    /// <summary>Requests that got no answer because the hub died.</summary>
    public int Broken => Volatile.Read(ref broken);

    /// <summary>Ends when so many more were acknowledged.</summary>
    public Task MoreAsync(int count)
    {
        var enough = Acknowledged + count;
        return Eventually.TrueAsync(() => Acknowledged >= enough, () => $"{count} more acknowledgements; {this}");
    }

    /// <summary>Ends the load when every driver has its answer.</summary>
    public async Task StopAsync()
    {
        stopping = true;
        await Task.WhenAll(drivers);
    }

    public override string ToString() => $"{all.Count} sent, {Acknowledged} acknowledged, {Busy} busy, {Broken} broken (last: {brokenLast}), {faults.Count} faults";

    private async Task DriveAsync(int driver, Random chance)
    {
        for (var number = 0; !stopping; number++)
        {
            var draw = chance.Next(10);
            var again = draw >= 6 && !recent.IsEmpty;
            var sent = again ? recent.ElementAt(chance.Next(Math.Max(1, recent.Count / 2))) : New(driver, number, chance);
            var amount = draw == 9 ? sent.Pays.Other : sent.Pays.One;
            while (!await AskAsync(sent, amount, chance)) { }
        }
    }

    private Sent New(int driver, int number, Random chance)
    {
        var amount = chance.Next(1, 100_000);
        var sent = new Sent(
            string.Create(CultureInfo.InvariantCulture, $"R{driver}-{number}"),
            accounts[chance.Next(accounts.Length)],
            (string.Create(CultureInfo.InvariantCulture, $"{amount}.25"), string.Create(CultureInfo.InvariantCulture, $"{amount}.75")));
        all.Add(sent);
        recent.Enqueue(sent);
        if (recent.Count > RecentMax) recent.TryDequeue(out _);
        return sent;
    }

    /// <summary>Asks once.</summary>
    /// <returns>Whether it was answered for good; else ask again.</returns>
    private async Task<bool> AskAsync(Sent sent, string amount, Random chance)
    {
        var hub = await reach(chance);
        HubAnswer answer;
        try
        {
            answer = await hub.PayAsync("psp", sent.Reference, sent.Account, amount);
        }
        catch (HttpRequestException e)
        {
            Interlocked.Increment(ref broken);
            brokenLast = e.InnerException?.Message ?? e.Message;
            return false;
        }
        catch (OperationCanceledException)
        {
            faults.Enqueue($"{sent.Reference}: no answer within {HubClient.AnswerMax.TotalSeconds} s.");
            return true;
        }

        if (Judge(sent, amount, answer) is { } fault) faults.Enqueue(fault);
        return answer.Status is not (503 or 429);
    }

    private string? Judge(Sent sent, string amount, HubAnswer answer)
    {
        switch (answer.Status)
        {
            case 201 or 200:
                Interlocked.Increment(ref acknowledged);
                var json = answer.Json;
                var sequence = json.TryGetProperty("sequence", out var number) && number.ValueKind == JsonValueKind.Number ? number.GetInt64() : (long?)null;
                return sent.Acknowledge(json.GetProperty("id").GetGuid(), amount, sequence, answer.Status == 201);
            case 409:
                return answer.Fields is ["amount"] ? sent.Refuse(amount) : $"{sent.Reference}: a difference that does not name the amount: {answer}";
            case 503 or 429:
                Interlocked.Increment(ref busy);
                return answer.Headers.ContainsKey("Retry-After") ? null : $"{sent.Reference}: busy without saying for how long: {answer}";
            default:
                return $"{sent.Reference}: {answer}";
        }
    }
}
