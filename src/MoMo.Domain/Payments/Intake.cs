using MoMo.Domain.Accounts;
using MoMo.Domain.Proofs;
using MoMo.Domain.Reversals;
using MoMo.Domain.Routing;
using MoMo.Engine;

namespace MoMo.Domain.Payments;

/// <summary>The way in for every payment, whatever format and channel it came through: PSP known, routed, taken, answered after the commit.</summary>
public sealed class Intake(IDirectory directory, IAccounts accounts, Ids ids, TimeProvider clock)
{
    /// <summary>Begins the psp_reference of every payment in test mode.</summary>
    public const string TestPrefix = "test:";

    /// <summary>Takes a payment. Safe to repeat: same content, same answer.</summary>
    /// <param name="notice">What the PSP said.</param>
    /// <param name="rules">The rules of the adapter it came through.</param>
    /// <param name="proof">What proves it; a message is kept in the payment's own commit.</param>
    /// <param name="place">Its place in a stream whose sender can be slowed down: it waits instead of being refused as busy. Null outside streams.</param>
    /// <param name="cancellation">Ends the routing. Once the account was asked, the payment may be taken all the same.</param>
    /// <returns>
    /// The payment, accepted or in suspense, or <c>psp-unknown</c>, <c>psp-archived</c>, <c>adapter-unknown</c>, <c>payment-differs</c>,
    /// <c>payment-malformed</c>.
    /// </returns>
    /// <exception cref="HubBusyException">Too much waits, or the database is away. Ask again: nothing is taken twice.</exception>
    public async Task<Outcome<TakenPayment>> TakeAsync(
        PaymentNotice notice, RuleSet rules, Proof proof, StreamPlace? place, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(notice);
        ArgumentNullException.ThrowIfNull(rules);
        try
        {
            // Before anything is waited for: of two by the same name the first to arrive is the payment, and ids tell which that was.
            var (id, receivedAt) = (ids.Next(), Microseconds(clock.GetUtcNow()));
            if (await CheckPspAsync(notice.Psp, cancellation) is { } refusal) return refusal;
            var (mode, gone) = await FindModeAsync(notice.Adapter, cancellation);
            if (gone is not null) return gone;
            // A sandbox may give out the very references that live payments get: they must not claim each other's.
            if (mode == Mode.Test) notice = notice with { PspReference = TestPrefix + notice.PspReference };
            else if (IsTest(notice.PspReference)) return Reserved("psp_reference", TestPrefix, "what sandboxes bring");
            var query = new RoutingQuery(notice.AccountId, notice.ReferenceId, notice.Text, notice.Shortcode) { Mode = mode };
            var decision = await rules.DecideAsync(query, directory, cancellation);
            return await accounts.Of(decision.AccountId).Take(new Arrival(id, notice, decision, proof, receivedAt, place) { Mode = mode });
        }
        finally
        {
            place?.Leave();
        }
    }

    /// <summary>Takes a reversal. Safe to repeat: same content, same answer.</summary>
    /// <param name="notice">What the PSP said, through its adapter.</param>
    /// <param name="proof">What proves it; a message is kept in the reversal's own commit.</param>
    /// <param name="place">Its place in a stream whose sender can be slowed down. Null outside streams.</param>
    /// <param name="cancellation">Ends the looking up of the adapter.</param>
    /// <returns>The reversal: with an account, with a payment in suspense, orphaned or held; or <c>reversal-differs</c>, <c>adapter-unknown</c>.</returns>
    /// <exception cref="HubBusyException">Too much waits, or the database is away. Ask again: nothing is taken twice.</exception>
    public async Task<Outcome<TakenReversal>> ReverseAsync(ReversalNotice notice, Proof proof, StreamPlace? place, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(notice);
        try
        {
            var receivedAt = Microseconds(clock.GetUtcNow());
            if (notice.PspReference.StartsWith(ReversalNotice.UnlinkPrefix, StringComparison.Ordinal))
                return Reserved("psp_reference", ReversalNotice.UnlinkPrefix, "the hub's own reversals");
            var (mode, gone) = await FindModeAsync(notice.Adapter, cancellation);
            if (gone is not null) return gone;
            if (mode == Mode.Test)
            {
                notice = notice with
                {
                    PspReference = TestPrefix + notice.PspReference,
                    OriginalReference = notice.OriginalReference is { } original ? TestPrefix + original : null,
                };
            }
            else if (IsTest(notice.PspReference))
            {
                return Reserved("psp_reference", TestPrefix, "what sandboxes bring");
            }
            else if (notice.OriginalReference is { } original && IsTest(original))
            {
                return Reserved("original_reference", TestPrefix, "what sandboxes bring");
            }

            return await accounts.Of(null).Reverse(new TakeReversal(ids.Next(), notice, proof, receivedAt, place));
        }
        finally
        {
            place?.Leave();
        }
    }

    /// <summary>Whether a PSP may bring something.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellation">Ends the looking up.</param>
    /// <returns>Why not: <c>psp-unknown</c> or <c>psp-archived</c>; null when it may.</returns>
    public async ValueTask<Refusal?> CheckPspAsync(string id, CancellationToken cancellation)
    {
        var psp = await directory.FindPspAsync(id, cancellation);
        if (psp is null) return Refusal.Of("psp", "psp-unknown", $"There is no PSP '{id}'. Create it first: POST /v1/psps.");
        return psp.Archived ? Refusal.Of("psp", "psp-archived", $"PSP {id} is archived and brings nothing new.") : null;
    }

    /// <summary>Whether money that came through an adapter is real. Of one that was deleted meanwhile nobody can tell: its money must not pass as live.</summary>
    private async ValueTask<(Mode Mode, Refusal? Gone)> FindModeAsync(string? adapter, CancellationToken cancellation)
    {
        if (adapter is null) return (Mode.Live, null);
        if (await directory.FindAdapterAsync(adapter, cancellation) is { } through) return (through.Mode, null);
        return (Mode.Live, Refusal.Of("adapter", "adapter-unknown", $"There is no adapter '{adapter}' any more."));
    }

    /// <summary>Whether a reference is one of a sandbox, as it is kept.</summary>
    internal static bool IsTest(string reference) => reference.StartsWith(TestPrefix, StringComparison.Ordinal);

    /// <summary>Live money by the name of test money would be answered as a repeat of it, and kept nowhere.</summary>
    private static Refusal Reserved(string field, string prefix, string use) =>
        PaymentDraft.Malformed([new FieldFault(field, "reserved", $"{field} begins with '{prefix}', which is kept for {use}.")]);

    /// <summary>As fine as the database keeps it, so that the first answer and every later one say the same.</summary>
    private static DateTimeOffset Microseconds(DateTimeOffset time) => new(time.UtcTicks / TimeSpan.TicksPerMicrosecond * TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);
}
