using System.Globalization;

namespace MoMo.Cli.Simulation;

/// <summary>All that a simulated PSP is going to do. The same seed makes the same plan, times of payment included: a second run repeats the first.</summary>
internal static class SimulationPlan
{
    private const int NeighboursMax = 10;
    private const int LateMax = 20;
    private static readonly DateTimeOffset Epoch = new(2026, 1, 1, 6, 0, 0, TimeSpan.Zero);

    /// <param name="seed">Where all chance comes from.</param>
    /// <param name="count">Payments.</param>
    /// <param name="rate">Payments in a second.</param>
    /// <param name="account">Whose they are.</param>
    /// <param name="references">The account's customers; may be empty.</param>
    /// <param name="currency">What they are in.</param>
    /// <param name="bad">What goes wrong, and how often.</param>
    public static IReadOnlyList<SimulatedSend> Make(
        int seed, int count, int rate, string account, IReadOnlyList<string> references, string currency, Misbehaviour bad)
    {
        var chance = new Random(seed);
        bool Happens(int percent) => chance.Next(100) < percent;
        var step = TimeSpan.FromSeconds(1) / rate;
        List<SimulatedSend> plan = [];
        for (var number = 1; number <= count; number++)
        {
            var due = step * (number - 1);
            var payment = new SimulatedPayment(
                number,
                string.Create(CultureInfo.InvariantCulture, $"SIM{(uint)seed:X8}{number:D5}"),
                account,
                references.Count == 0 ? null : references[chance.Next(references.Count)],
                chance.Next(100, 500_000),
                currency,
                Epoch.AddSeconds((uint)seed % 1_000_000 + number));
            // Every payment draws the same chances, so that one percentage does not change what another one hits.
            var (lost, wrong, late, twice, changed) =
                (Happens(bad.Lost), Happens(bad.WrongSignature), Happens(bad.Late), Happens(bad.Twice), Happens(bad.Changed));
            var (delay, place) = (step * chance.Next(1, LateMax + 1), bad.Shuffled ? step * chance.Next(NeighboursMax) : TimeSpan.Zero);
            if (lost)
            {
                plan.Add(new(due, payment, SendKind.Lost));
                continue;
            }

            // A forgery tells of money that never moved: of it nothing may be found.
            if (wrong) plan.Add(new(due, payment with { PspReference = $"{payment.PspReference}F" }, SendKind.WrongSignature));
            due += place + (late ? delay : TimeSpan.Zero);
            plan.Add(new(due, payment, late ? SendKind.Late : SendKind.Plain));
            if (twice) plan.Add(new(due + step, payment, SendKind.Twice));
            if (changed) plan.Add(new(due + step, payment with { MinorUnits = payment.MinorUnits + 100 }, SendKind.Changed));
        }

        return [.. plan.OrderBy(send => send.Due)]; // stable: what is due at once keeps its order
    }
}
