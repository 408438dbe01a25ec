using System.Collections.Concurrent;
using System.Diagnostics;
using MoMo.Simulator.Oracles;
using MoMo.Storage;
using Npgsql;

namespace MoMo.Simulator.Real;

/// <summary>
/// What is watched while the hub lives: every answer, every webhook, and the database, asked over a connection that no fault of ours touches.
/// </summary>
/// <param name="database">Connects straight to PostgreSQL.</param>
internal sealed class RealJudge(NpgsqlDataSource database) : IDisposable
{
    private const int ViolationsMax = 20;
    private static readonly TimeSpan DatabaseMax = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    private readonly Stopwatch watch = Stopwatch.StartNew();
    private readonly ConcurrentQueue<Violation> violations = new();
    private readonly ConcurrentDictionary<(string Psp, string Reference), Claim> claims = new();
    private readonly ConcurrentDictionary<(string Path, Guid Payment), string> webhooks = new();
    private readonly CancellationTokenSource broken = new();
    private int acknowledged;
    private int busy;
    private int received;

    /// <summary>The laws that were seen broken, oldest first; the first 20.</summary>
    public IReadOnlyList<Violation> Violations => [.. violations];

    /// <summary>Cancelled by the first broken law.</summary>
    public CancellationToken Broken => broken.Token;

    /// <summary>All that PSPs reported, answered or not.</summary>
    public IReadOnlyDictionary<(string Psp, string Reference), Claim> Claims => claims;

    /// <summary>Payments that operators gave to an account, and were told so.</summary>
    public ConcurrentDictionary<Guid, string> Assigned { get; } = new();

    /// <summary>Acknowledgements, repeats too.</summary>
    public int Acknowledged => Volatile.Read(ref acknowledged);

    /// <summary>Answers that said to ask again.</summary>
    public int Busy => Volatile.Read(ref busy);

    /// <summary>Webhooks that arrived, repeats too.</summary>
    public int Received => Volatile.Read(ref received);

    /// <summary>A law was broken.</summary>
    public void Accuse(string oracle, string text)
    {
        if (violations.Count < ViolationsMax) violations.Enqueue(new Violation(oracle, text, watch.Elapsed));
        broken.Cancel();
    }

    /// <summary>A PSP is about to report a payment.</summary>
    public void Reported(Claim claim) => claims.TryAdd((claim.Psp, claim.Reference), claim);

    /// <summary>A PSP got an answer.</summary>
    /// <returns>Whether it was for good; else ask again.</returns>
    public bool Answered(Claim claim, string amount, HubAnswer answer)
    {
        switch (answer.Status)
        {
            case 201 or 200:
                Interlocked.Increment(ref acknowledged);
                if (claim.Acknowledge(answer.Json.GetProperty("id").GetGuid(), amount, Sequence(answer), answer.Status == 201) is { } wrong)
                    Accuse("law 3, nothing twice", wrong);
                if (answer.Text("amount") != amount) Accuse("law 3, a changed repeat is refused", $"{claim.Reference} over {amount} was answered with {answer}.");
                return true;
            case 409:
                if (answer.Text("code") != "payment-differs" || answer.Fields is not ["amount"])
                    Accuse("nothing is refused without a reason", $"{claim.Reference}: {answer}");
                else if (claim.Refuse(amount) is { } unjust) Accuse("law 3, same content, same answer", unjust);
                return true;
            default:
                return !IsBusy(answer, claim.Reference);
        }
    }

    /// <summary>Whether an answer says to ask again. One that nobody may get is a violation.</summary>
    public bool IsBusy(HubAnswer answer, string what)
    {
        if (answer.Status is 503 or 429)
        {
            Interlocked.Increment(ref busy);
            if (!answer.Headers.ContainsKey("Retry-After")) Accuse("law 9, busy says for how long", $"{what}: {answer}");
            return true;
        }

        Accuse("nothing is refused without a reason", $"{what}: {answer}");
        return false;
    }

    /// <summary>An account's server got a webhook, and has not answered yet.</summary>
    public async Task ReceivedAsync(ReceivedWebhook webhook)
    {
        Interlocked.Increment(ref received);
        if (!webhooks.TryAdd((webhook.Path, webhook.Payment), webhook.Id) && webhooks[(webhook.Path, webhook.Payment)] != webhook.Id)
            Accuse("one webhook id for every attempt", $"{webhook} came as {webhooks[(webhook.Path, webhook.Payment)]} before.");
        if (await StoredAsync(webhook.Payment) is not { } stored) return;
        if (stored.Account is null) Accuse("law 8, nobody is told before the commit", $"{webhook} is not of a payment that an account has.");
        else if (webhook.Path != $"/{stored.Account}" || webhook.Account != stored.Account || webhook.Sequence != stored.Sequence)
            Accuse("nothing reaches an account it does not belong to", $"{webhook} is of {stored.Account}, number {stored.Sequence}.");
    }

    /// <summary>Whether an account was told of a payment.</summary>
    public bool WasTold(string account, Guid payment) => webhooks.ContainsKey(($"/{account}", payment));

    /// <summary>Runs <c>momo verify</c> again and again: the laws hold at every moment, not only in the end.</summary>
    public async Task WatchAsync(TimeSpan every, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            await Task.Delay(every, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await AskAsync(async () => await VerifyAsync());
        }
    }

    /// <summary>Accuses of everything that <c>momo verify</c> finds.</summary>
    /// <returns>How many payments there are.</returns>
    public async Task<long> VerifyAsync()
    {
        var (payments, checks) = await new Verification(database).RunAsync(CancellationToken.None);
        foreach (var (law, count, first) in checks.Where(check => check.Broken > 0)) Accuse("momo verify", $"{law} {count} broken, first: {first}");
        await using var command = database.CreateCommand("SELECT said FROM watched LIMIT 1");
        if (await command.ExecuteScalarAsync() is string said) Accuse("law 7, outcomes are fenced", said);
        return payments;
    }

    /// <summary>Asks the database, again while it is away.</summary>
    /// <returns>Whether there was an answer in the end.</returns>
    public static async Task<bool> AskAsync(Func<Task> question)
    {
        for (var began = Stopwatch.StartNew(); began.Elapsed < DatabaseMax;)
        {
            try
            {
                await question();
                return true;
            }
            catch (Exception e) when (IsAway(e))
            {
                await Task.Delay(Look);
            }
        }

        return false;
    }

    /// <summary>Reads rows, again while the database is away.</summary>
    /// <returns>The rows; null when there was no answer in the end.</returns>
    public async Task<IReadOnlyList<T>?> ListAsync<T>(string question, Func<NpgsqlDataReader, T> read)
    {
        List<T> list = [];
        var isKnown = await AskAsync(async () =>
        {
            list.Clear();
            await using var command = database.CreateCommand(question);
            await using var rows = await command.ExecuteReaderAsync();
            while (await rows.ReadAsync()) list.Add(read(rows));
        });
        return isKnown ? list : null;
    }

    /// <summary>Lets the database itself note what no query can see later: an outcome recorded for a delivery that was not waiting for it.</summary>
    /// <param name="ownerConnectionString">Connects straight to PostgreSQL as the owner.</param>
    public static async Task PrepareAsync(string ownerConnectionString)
    {
        await using var owner = NpgsqlDataSource.Create(ownerConnectionString);
        await using var command = owner.CreateCommand(
            """
            CREATE TABLE watched (said text NOT NULL);
            GRANT SELECT ON watched TO PUBLIC;
            CREATE FUNCTION watch_delivery() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
            BEGIN
                IF NEW.attempts <> OLD.attempts AND (OLD.state <> 'pending' OR NEW.attempts <> OLD.attempts + 1) THEN
                    INSERT INTO watched VALUES (format('Delivery %s was %s after %s attempts and is %s after %s by a late record.',
                        OLD.id, OLD.state, OLD.attempts, NEW.state, NEW.attempts));
                END IF;
                RETURN NULL;
            END $$;
            CREATE TRIGGER watched AFTER UPDATE ON delivery_rows FOR EACH ROW EXECUTE FUNCTION watch_delivery();
            """);
        await command.ExecuteNonQueryAsync();
    }

    public void Dispose() => broken.Dispose();

    private static bool IsAway(Exception e) =>
        e is IOException or System.Net.Sockets.SocketException || (e is NpgsqlException && !(e is PostgresException said && said.SqlState.StartsWith("42", StringComparison.Ordinal)));

    private static long? Sequence(HubAnswer answer) =>
        answer.Json.TryGetProperty("sequence", out var number) && number.ValueKind == System.Text.Json.JsonValueKind.Number ? number.GetInt64() : null;

    /// <summary>Whose a payment is in the database now, without an account when it is not there; null when the database does not answer.</summary>
    private async Task<(string? Account, long Sequence)?> StoredAsync(Guid payment)
    {
        (string? Account, long Sequence) stored = (null, 0);
        var isKnown = await AskAsync(async () =>
        {
            await using var command = database.CreateCommand(
                """
                SELECT coalesce(p.account_id, a.account_id), coalesce(p.sequence, a.sequence) FROM payments p LEFT JOIN assignments a ON a.payment_id = p.id
                WHERE p.id = $1 AND coalesce(p.account_id, a.account_id) IS NOT NULL
                """);
            command.Parameters.Add(new NpgsqlParameter { Value = payment });
            await using var rows = await command.ExecuteReaderAsync();
            if (await rows.ReadAsync()) stored = (rows.GetString(0), rows.GetInt64(1));
        });
        return isKnown ? stored : null;
    }
}
