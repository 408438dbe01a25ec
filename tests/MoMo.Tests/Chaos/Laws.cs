using MoMo.Domain.Payments;
using MoMo.Storage;
using MoMo.Tests.Support;
using Npgsql;

namespace MoMo.Tests.Chaos;

/// <summary>What must be true of the database and the receivers after whatever happened.</summary>
internal static class Laws
{
    /// <summary>Waits until every delivery is made, then checks all laws against what the load was told and what the receivers got.</summary>
    /// <param name="connectionString">The hub's database.</param>
    /// <param name="load">Ended.</param>
    /// <param name="server">Where accounts with a webhook are told.</param>
    /// <param name="told">Accounts with a webhook.</param>
    public static async Task AssertKeptAsync(string connectionString, Load load, AccountServer server, IReadOnlyCollection<string> told)
    {
        Assert.Empty(load.Faults.Take(10));
        long waiting = -1;
        await Eventually.TrueAsync(
            async () => (waiting = await Sql.AskAsync<long>(connectionString, "SELECT count(*) FROM deliveries WHERE state <> 'delivered'")) == 0,
            () => $"{waiting} deliveries are still to be made; {load}");

        var stored = await StoredAsync(connectionString);
        AssertAcknowledged(load, stored);
        AssertDelivered(server, told, stored);
        await using var source = NpgsqlDataSource.Create(connectionString);
        var (_, checks) = await new Verification(source).RunAsync(CancellationToken.None);
        Assert.All(checks, check => Assert.True(check.Broken == 0, $"{check.Law} {check.Broken} broken, first: {check.First}"));
    }

    private static void AssertAcknowledged(Load load, Dictionary<Guid, Stored> stored)
    {
        var byReference = stored.Values.ToLookup(payment => payment.Reference);
        foreach (var sent in load.All)
        {
            var kept = byReference[sent.Reference].ToArray();
            Assert.True(kept.Length <= 1, $"{sent.Reference} is kept {kept.Length} times.");
            if (sent.Acknowledged is not { } told) continue;
            Assert.True(kept.Length == 1, $"{sent.Reference} was acknowledged and is lost.");
            Assert.Equal((told.Id, told.Amount, told.Sequence), (kept[0].Id, kept[0].Amount, kept[0].Sequence));
            Assert.Equal(sent.Account == "nobody" ? null : sent.Account, kept[0].Account);
        }

        Assert.NotEmpty(stored);
        Assert.Empty(stored.Values.Select(payment => payment.Reference).Except(load.All.Select(sent => sent.Reference)));
    }

    private static void AssertDelivered(AccountServer server, IReadOnlyCollection<string> told, Dictionary<Guid, Stored> stored)
    {
        Assert.Empty(server.Faults.Take(10));
        foreach (var webhook in server.Received)
        {
            Assert.True(stored.TryGetValue(webhook.Payment, out var payment), $"{webhook} tells of a payment that is not in the database.");
            Assert.Equal((payment!.Account, payment.Sequence), (webhook.Account, webhook.Sequence));
            Assert.Equal($"/{payment.Account}", webhook.Path);
        }

        Assert.All(server.Received.GroupBy(webhook => webhook.Payment), same => Assert.Single(same.Select(webhook => webhook.Id).Distinct()));
        var arrived = server.Received.Select(webhook => webhook.Payment).ToHashSet();
        foreach (var payment in stored.Values.Where(payment => payment.Account is { } account && told.Contains(account)))
            Assert.True(arrived.Contains(payment.Id), $"Payment {payment} was never delivered.");
    }

    private static async Task<Dictionary<Guid, Stored>> StoredAsync(string connectionString)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand("SELECT id, psp_reference, account_id, sequence, amount_minor, currency FROM payments");
        await using var rows = await command.ExecuteReaderAsync();
        var stored = new Dictionary<Guid, Stored>();
        while (await rows.ReadAsync())
        {
            var amount = new Money(rows.GetInt64(4), Currency.Find(rows.GetString(5))!);
            stored.Add(rows.GetGuid(0), new Stored(
                rows.GetGuid(0), rows.GetString(1), rows.IsDBNull(2) ? null : rows.GetString(2), rows.IsDBNull(3) ? null : rows.GetInt64(3),
                amount.ToText()));
        }

        return stored;
    }

    private sealed record Stored(Guid Id, string Reference, string? Account, long? Sequence, string Amount);
}
