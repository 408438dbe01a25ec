using MoMo.Client;
using MoMo.Client.Wire;

namespace MoMo.Cli.Simulation;

/// <summary>
/// Asks the hub after a simulation what it has, whatever it answered: all that was sent is there, as it was sent first, and no forgery is.
/// </summary>
internal sealed class SimulationCheck(MoMoClient hub, PspFamily family, AdapterView adapter, bool isAsked, TimeProvider clock)
{
    /// <summary>How far the hub's clock may be behind ours.</summary>
    private static readonly TimeSpan ClocksApart = TimeSpan.FromMinutes(5);

    /// <summary>Between two looks at what a hub has that still asks.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a hub that asks may find nothing new: its second question about a payment follows after 5 seconds, its third after 30.</summary>
    private static readonly TimeSpan IdleMax = TimeSpan.FromSeconds(45);

    /// <summary>The same for a hub that asks the PSP: until it has all, or finds nothing new any more.</summary>
    /// <param name="plan">What was done.</param>
    /// <param name="began">When it began.</param>
    /// <param name="cancellation">Ends the asking.</param>
    /// <exception cref="MoMoException">The key may not list payments, or there are too many.</exception>
    public async Task<SimulationFinding> WaitAsync(IReadOnlyList<SimulatedSend> plan, DateTimeOffset began, CancellationToken cancellation)
    {
        var (best, since) = (-1, clock.GetTimestamp());
        while (true)
        {
            var found = await RunAsync(plan, began, cancellation);
            if (found.There > best) (best, since) = (found.There, clock.GetTimestamp());
            if (found.Missing == 0 || clock.GetElapsedTime(since) > IdleMax) return found;
            await Task.Delay(Pause, clock, cancellation);
        }
    }

    /// <summary>Looks once.</summary>
    /// <param name="plan">What was done.</param>
    /// <param name="began">When it began.</param>
    /// <param name="cancellation">Ends the asking.</param>
    /// <exception cref="MoMoException">The key may not list payments or messages, or there are too many.</exception>
    public async Task<SimulationFinding> RunAsync(IReadOnlyList<SimulatedSend> plan, DateTimeOffset began, CancellationToken cancellation)
    {
        var sent = plan.Where(one => one.Kind is SendKind.Plain or SendKind.Late || (isAsked && one.Kind == SendKind.Lost))
            .ToDictionary(one => one.Payment.PspReference, one => one.Payment);
        var forged = plan.Where(one => one.Kind == SendKind.WrongSignature).Select(one => one.Payment.PspReference).ToHashSet();
        var (expected, there, differ, taken) = (sent.Count, 0, 0, 0);
        await foreach (var (reference, amount, currency, at) in HeldAsync().WithCancellation(cancellation))
        {
            if (forged.Remove(reference)) taken++;
            if (sent.Remove(reference, out var payment))
            {
                if (amount is null || (amount, currency) == (payment.Amount, payment.Currency)) there++;
                else differ++;
            }

            // Newest first: what is older than the run is of an earlier one, which may have sent the same.
            if (sent.Count == 0 && at < began - ClocksApart) break;
        }

        return new SimulationFinding(expected, there, differ, taken);
    }

    private IAsyncEnumerable<(string Reference, string? Amount, string? Currency, DateTimeOffset At)> HeldAsync() => family.Pays || isAsked
        ? hub.Payments.ListAsync(new PaymentQuery { Psp = adapter.Psp }, pageSize: 500)
            .Select(one => (Bare(one.PspReference), (string?)one.Amount, (string?)one.Currency, one.ReceivedAt))
        : hub.Messages.ListAsync(new MessageQuery { Adapter = adapter.Id, Why = "info" }, pageSize: 500)
            .Select(one => (Bare(one.PspReference ?? ""), (string?)null, (string?)null, one.ReceivedAt));

    /// <summary>What came in test mode has that before its id.</summary>
    private static string Bare(string reference) => reference.StartsWith("test:", StringComparison.Ordinal) ? reference["test:".Length..] : reference;
}
