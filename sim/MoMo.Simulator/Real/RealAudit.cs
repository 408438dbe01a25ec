using MoMo.Domain.Payments;

namespace MoMo.Simulator.Real;

/// <summary>In the end: what was told to PSPs, operators and accounts, held against what is stored.</summary>
internal sealed class RealAudit(RealWorld world, string? keptPaused)
{
    private RealJudge Judge => world.Judge;

    /// <summary>Compares everything.</summary>
    /// <returns>How many payments are stored.</returns>
    public async Task<int> RunAsync()
    {
        var payments = await Judge.ListAsync(
            """
            SELECT p.id, p.psp_id, p.psp_reference, p.account_id, p.sequence, p.amount_minor, p.currency, a.account_id, a.sequence
            FROM payments p LEFT JOIN assignments a ON a.payment_id = p.id ORDER BY p.id
            """,
            rows => new Stored(
                rows.GetGuid(0), (rows.GetString(1), rows.GetString(2)), rows.IsDBNull(3) ? null : rows.GetString(3), rows.IsDBNull(4) ? null : rows.GetInt64(4),
                new Money(rows.GetInt64(5), Currency.Find(rows.GetString(6))!).ToText(), rows.IsDBNull(7) ? null : rows.GetString(7),
                rows.IsDBNull(8) ? null : rows.GetInt64(8)));
        var deliveries = await Judge.ListAsync(
            "SELECT d.id, d.payment_id, d.account_id, d.state, d.attempts FROM deliveries d",
            rows => new Sent(rows.GetGuid(0), rows.GetGuid(1), rows.GetString(2), rows.GetString(3), rows.GetInt32(4)));
        if (payments is null || deliveries is null)
        {
            Judge.Accuse("everything settles", "PostgreSQL does not answer after the faults.");
            return 0;
        }

        if (!await RealJudge.AskAsync(() => Judge.VerifyAsync())) Judge.Accuse("everything settles", "momo verify gets no answer after the faults.");
        foreach (var twice in payments.GroupBy(payment => payment.Key).Where(same => same.Count() > 1))
            Judge.Accuse("law 3, nothing twice", $"{twice.Key} is stored {twice.Count()} times.");
        CheckTold(payments.DistinctBy(payment => payment.Key).ToDictionary(payment => payment.Key));
        CheckNumbers(payments);
        CheckAssigned(payments.ToDictionary(payment => payment.Id));
        CheckDelivered(payments, deliveries);
        foreach (var fault in world.Servers.Server.Faults.Take(5)) Judge.Accuse("webhooks can be read", fault);
        return payments.Count;
    }

    private void CheckTold(Dictionary<(string, string), Stored> stored)
    {
        foreach (var (key, claim) in Judge.Claims)
        {
            if (!stored.TryGetValue(key, out var payment))
            {
                if (claim.Told is { } lost) Judge.Accuse("law 2, nothing lost", $"{claim.Reference} was acknowledged as {lost} and is not stored.");
                if (claim.Refused.Count > 0) Judge.Accuse("law 3, same content, same answer", $"{claim.Reference} was refused as differing from a payment that is not stored.");
                continue;
            }

            if (claim.Told is { } told && (told.Id, told.Amount) != (payment.Id, payment.Amount))
                Judge.Accuse("law 2, acknowledged is stored", $"{claim.Reference} was acknowledged as {told}; stored is {payment}.");
            if (claim.Told is { Sequence: { } number } && number != (payment.Sequence ?? payment.AssignedSequence))
                Judge.Accuse("law 4, a number is for ever", $"{claim.Reference} was acknowledged as number {number}; stored is {payment}.");
            if (claim.Refused.Contains(payment.Amount))
                Judge.Accuse("law 3, same content, same answer", $"{claim.Reference} over {payment.Amount} was refused as differing; stored is {payment}.");
            if (payment.Account != claim.Owner && !(payment.Account is null && claim.MayBeSuspended))
                Judge.Accuse("no account gets what is not its own", $"{claim.Reference} is of {claim.Owner ?? "nobody"}; stored is {payment}.");
        }

        foreach (var (key, payment) in stored)
        {
            if (!Judge.Claims.ContainsKey(key)) Judge.Accuse("law 3, nothing comes from nowhere", $"Nobody reported {payment}.");
        }
    }

    private void CheckNumbers(IReadOnlyList<Stored> payments)
    {
        var numbers = payments.Select(payment => (Account: payment.Account ?? payment.AssignedTo, Number: payment.Sequence ?? payment.AssignedSequence))
            .Where(one => one.Account is not null).GroupBy(one => one.Account);
        foreach (var account in numbers)
        {
            if (!account.Select(one => one.Number!.Value).Order().SequenceEqual(Enumerable.Range(1, account.Count()).Select(number => (long)number)))
                Judge.Accuse("law 4, numbers without a gap", $"Account {account.Key} has {account.Count()} payments, numbered otherwise than 1, 2, 3…");
        }
    }

    private void CheckAssigned(Dictionary<Guid, Stored> stored)
    {
        foreach (var (id, account) in Judge.Assigned)
        {
            if (!stored.TryGetValue(id, out var payment) || payment.AssignedTo != account)
                Judge.Accuse("law 2, acknowledged is stored", $"Payment {id} was given to {account}; stored is {payment?.ToString() ?? "nothing"}.");
        }
    }

    private void CheckDelivered(IReadOnlyList<Stored> payments, IReadOnlyList<Sent> deliveries)
    {
        foreach (var sent in deliveries.Where(sent => sent.State == "delivered" && !world.Servers.Accepted(sent.Id, sent.Attempts)))
            Judge.Accuse("delivered means it arrived", $"{sent} is recorded as delivered; nobody said yes to that attempt.");
        var planned = deliveries.Select(sent => (sent.Payment, sent.Account)).ToHashSet();
        foreach (var payment in payments)
        {
            if ((payment.Account ?? payment.AssignedTo) is not { } account || !RealWorld.Told.Contains(account)) continue;
            if (!planned.Contains((payment.Id, account))) Judge.Accuse("law 2, every delivery is made", $"{payment} has no delivery.");
            else if (account != keptPaused && !Judge.WasTold(account, payment.Id)) Judge.Accuse("law 2, every delivery is made", $"{account} was never told of {payment}.");
        }
    }

    private sealed record Stored(
        Guid Id, (string Psp, string Reference) Key, string? Account, long? Sequence, string Amount, string? AssignedTo, long? AssignedSequence);

    private sealed record Sent(Guid Id, Guid Payment, string Account, string State, int Attempts);
}
