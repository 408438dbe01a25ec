namespace MoMo.Simulator.Real;

/// <summary>What happened how often in a run, or in several.</summary>
/// <param name="Payments">Stored.</param>
/// <param name="Acknowledged">Answers that a payment is taken, repeats too.</param>
/// <param name="Busy">Answers to ask again.</param>
/// <param name="Unanswered">Requests that got no answer.</param>
/// <param name="Webhooks">Webhooks that arrived, repeats too.</param>
/// <param name="Assigned">Payments that an operator gave to an account.</param>
/// <param name="Kills">Silos killed.</param>
/// <param name="Freezes">Silos frozen.</param>
/// <param name="Cuts">Times that connections were reset.</param>
/// <param name="Halves">Times that connections went one way only.</param>
/// <param name="Stalls">Times that a net stood still or was late.</param>
/// <param name="DatabaseStops">Times that PostgreSQL was killed or stopped.</param>
internal sealed record RealCounts(
    long Payments = 0, long Acknowledged = 0, long Busy = 0, long Unanswered = 0, long Webhooks = 0, long Assigned = 0, long Kills = 0, long Freezes = 0,
    long Cuts = 0, long Halves = 0, long Stalls = 0, long DatabaseStops = 0)
{
    public RealCounts Plus(RealCounts other) => new(
        Payments + other.Payments, Acknowledged + other.Acknowledged, Busy + other.Busy, Unanswered + other.Unanswered, Webhooks + other.Webhooks,
        Assigned + other.Assigned, Kills + other.Kills, Freezes + other.Freezes, Cuts + other.Cuts, Halves + other.Halves, Stalls + other.Stalls,
        DatabaseStops + other.DatabaseStops);

    public override string ToString() =>
        $"{Payments} payments, {Acknowledged} acknowledgements, {Busy} busy, {Unanswered} unanswered, {Webhooks} webhooks, {Assigned} assigned; "
        + $"{Kills} silos killed, {Freezes} frozen, {Cuts} cuts, {Halves} half-closed, {Stalls} stalled or late, PostgreSQL killed or stopped {DatabaseStops} times";
}
