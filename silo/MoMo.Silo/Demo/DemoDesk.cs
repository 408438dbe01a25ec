using System.Globalization;
using System.Text.Json;

namespace MoMo.Silo.Demo;

/// <summary>What the account server knows: whom it trusts, what it received. Bounded: the last 100 webhooks and 5,000 ids.</summary>
internal sealed class DemoDesk(TimeProvider clock)
{
    private const int EventsMax = 100;
    private const int IdsMax = 5_000;
    private const int SecondsShown = 60;

    private readonly Lock gate = new();
    private readonly Queue<DemoEvent> events = new();
    private readonly Queue<string> ids = new();
    private readonly HashSet<string> known = [];
    private readonly Dictionary<string, SortedSet<long>> waited = [];
    private readonly Dictionary<string, long> firstTries = [];
    private readonly Dictionary<string, DemoTally> tallies = DemoAccount.All.ToDictionary(one => one.Id, one => new DemoTally(one.Id, one.Name));
    private readonly Queue<DateTimeOffset> arrivals = new();
    private IReadOnlyDictionary<string, IReadOnlyList<byte[]>> secrets = new Dictionary<string, IReadOnlyList<byte[]>>();

    /// <summary>From now on these keys sign each account's webhooks.</summary>
    public void Trust(IReadOnlyDictionary<string, IReadOnlyList<byte[]>> keys) => Volatile.Write(ref secrets, keys);

    /// <summary>Receives a webhook.</summary>
    /// <returns>The status to answer; null when there is no such account.</returns>
    public int? Receive(string account, IHeaderDictionary headers, byte[] body)
    {
        if (DemoAccount.All.FirstOrDefault(one => one.Id == account) is not { } who) return null;
        var now = clock.GetUtcNow();
        var fault = SignatureCheck.Fault(headers, body, Volatile.Read(ref secrets).GetValueOrDefault(account) ?? [], now);
        lock (gate)
        {
            if (fault is not null)
            {
                tallies[account].Forged++;
                Keep(new DemoEvent(now, account, null, null, 0, fault, 401, 0, null, null, null, null, null));
                return StatusCodes.Status401Unauthorized;
            }

            return Receive(who, headers["webhook-id"].ToString(), body, now);
        }
    }

    /// <summary>All that is known, as one object.</summary>
    public object Snapshot()
    {
        var now = clock.GetUtcNow();
        lock (gate)
        {
            var seconds = new int[SecondsShown];
            foreach (var at in arrivals)
            {
                var ago = (int)(now - at).TotalSeconds;
                if (ago is >= 0 and < SecondsShown) seconds[SecondsShown - 1 - ago]++;
            }

            return new
            {
                Now = now,
                PerSecond = seconds,
                Accounts = tallies.Values.Select(one => new
                {
                    one.Id, one.Name, one.Received, one.Repeats, one.Refused, one.Forged, one.Sequence, one.Missing,
                    Totals = one.Totals.ToDictionary(total => total.Key, total => total.Value.ToString($"N{total.Value.Scale}", CultureInfo.InvariantCulture)),
                }).ToList(),
                Events = events.Reverse().ToList(),
            };
        }
    }

    private int Receive(DemoAccount who, string id, byte[] body, DateTimeOffset now)
    {
        using var json = JsonDocument.Parse(body);
        var (root, data, tally) = (json.RootElement, json.RootElement.GetProperty("data"), tallies[who.Id]);
        var attempt = root.GetProperty("attempt").GetInt32();
        var sequence = data.GetProperty("sequence").GetInt64();
        var (verdict, status) = Judge(who, id, attempt);
        if (verdict == "repeat") tally.Repeats++;
        else if (status != StatusCodes.Status200OK) tally.Refused++;
        else Count(who.Id, tally, data, sequence, now);
        if (sequence > tally.Sequence || status == StatusCodes.Status200OK) Follow(who.Id, tally, sequence, status == StatusCodes.Status200OK);
        Keep(new DemoEvent(
            now, who.Id, id, root.GetProperty("type").GetString(), attempt, verdict, status, sequence, Text(data, "amount"), Text(data, "currency"),
            Text(data, "psp"), Text(data, "psp_reference"), Text(data, "reference_id")));
        return status;
    }

    /// <summary>A flaky server fails some first attempts, so that retries can be seen; they arrive.</summary>
    private (string Verdict, int Status) Judge(DemoAccount who, string id, int attempt)
    {
        if (known.Contains(id)) return ("repeat", StatusCodes.Status200OK);
        if (who.FailsEvery > 0 && attempt == 1)
        {
            firstTries[who.Id] = firstTries.GetValueOrDefault(who.Id) + 1;
            if (firstTries[who.Id] % who.FailsEvery == 0) return ("refused on purpose", StatusCodes.Status503ServiceUnavailable);
        }

        known.Add(id);
        ids.Enqueue(id);
        if (ids.Count > IdsMax) known.Remove(ids.Dequeue());
        return (attempt > 1 ? "new, after a retry" : "new", StatusCodes.Status200OK);
    }

    private void Count(string account, DemoTally tally, JsonElement data, long sequence, DateTimeOffset now)
    {
        tally.Received++;
        var currency = Text(data, "currency") ?? "";
        tally.Totals[currency] = tally.Totals.GetValueOrDefault(currency) + decimal.Parse(Text(data, "amount") ?? "0", CultureInfo.InvariantCulture);
        arrivals.Enqueue(now);
        while (arrivals.TryPeek(out var first) && now - first > TimeSpan.FromSeconds(SecondsShown)) arrivals.Dequeue();
    }

    /// <summary>Follows the account's numbers: a gap is a payment that is still on its way.</summary>
    private void Follow(string account, DemoTally tally, long sequence, bool arrived)
    {
        if (!waited.TryGetValue(account, out var missing)) waited[account] = missing = [];
        if (tally.Sequence > 0)
        {
            for (var one = tally.Sequence + 1; one < sequence && missing.Count < IdsMax; one++) missing.Add(one);
        }

        if (arrived) missing.Remove(sequence);
        else missing.Add(sequence);
        tally.Sequence = Math.Max(tally.Sequence, sequence);
        tally.Missing = missing.Count;
    }

    private void Keep(DemoEvent received)
    {
        events.Enqueue(received);
        if (events.Count > EventsMax) events.Dequeue();
    }

    private static string? Text(JsonElement data, string name) => data.TryGetProperty(name, out var value) ? value.GetString() : null;
}
