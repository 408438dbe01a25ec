using MoMo.Domain.Files;
using MoMo.Domain.Payments;

namespace MoMo.Domain.Reversals;

/// <summary>What a PSP says it took back, before anyone knows from whom.</summary>
public sealed record ReversalNotice
{
    /// <summary>Begins the <see cref="PspReference"/> of those that the hub makes itself, of payments that were unlinked; no PSP may use it.</summary>
    public const string UnlinkPrefix = "unlink:";

    /// <summary>Longest <see cref="Detail"/>, in characters.</summary>
    public const int DetailMax = 300;

    /// <summary>Who took it back.</summary>
    public required string Psp { get; init; }

    /// <summary>The PSP's own id of the reversal: with <see cref="Psp"/> unique among reversals for ever.</summary>
    public required string PspReference { get; init; }

    /// <summary>How much; a part of the payment or all of it.</summary>
    public required Money Amount { get; init; }

    /// <summary>The adapter that brought it.</summary>
    public string? Adapter { get; init; }

    /// <summary>The psp_reference of the payment that it takes back, if it was told.</summary>
    public string? OriginalReference { get; init; }

    /// <summary>The <c>end_to_end_id</c> in the metadata of the payment that it takes back, if it was told.</summary>
    public string? EndToEndId { get; init; }

    /// <summary>Why, in the PSP's words.</summary>
    public string? Detail { get; init; }

    /// <summary>What an entry of a file or a message says.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="psp">Who took it back.</param>
    /// <param name="adapter">The adapter that brought it.</param>
    public static ReversalNotice Of(ReversalEntry entry, string psp, string adapter)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return new ReversalNotice
        {
            Psp = psp,
            Adapter = adapter,
            PspReference = entry.PspReference,
            Amount = entry.Amount,
            OriginalReference = entry.OriginalReference,
            EndToEndId = entry.EndToEndId is "NOTPROVIDED" or "" ? null : entry.EndToEndId,
            Detail = entry.Detail is { Length: > DetailMax } detail ? detail[..DetailMax] : entry.Detail,
        };
    }

    /// <summary>Whether the hub's operator took it back, and not the PSP.</summary>
    public bool IsOperators => PspReference.AsSpan(Intake.IsTest(PspReference) ? Intake.TestPrefix.Length : 0).StartsWith(UnlinkPrefix, StringComparison.Ordinal);

    /// <summary>What the account of a payment is told that an operator takes from it.</summary>
    /// <param name="payment">The payment.</param>
    /// <param name="amount">What is left of it.</param>
    public static ReversalNotice OfUnlinked(Payment payment, Money amount)
    {
        ArgumentNullException.ThrowIfNull(payment);
        var test = Intake.IsTest(payment.Notice.PspReference) ? Intake.TestPrefix : "";
        return new ReversalNotice
        {
            Psp = payment.Notice.Psp,
            PspReference = $"{test}{UnlinkPrefix}{payment.Id}",
            Amount = amount,
            OriginalReference = payment.Notice.PspReference,
            Detail = "The operator took it back: the payment was not this account's.",
        };
    }

    /// <summary>
    /// The names of the fields in which a repeat differs from what was taken before. Through another adapter only the money must agree.
    /// </summary>
    public IReadOnlyList<string> DifferencesFrom(ReversalNotice earlier)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        List<string> fields = [];
        if (Amount.MinorUnits != earlier.Amount.MinorUnits) fields.Add("amount");
        if (Amount.Currency != earlier.Amount.Currency) fields.Add("currency");
        if (Adapter == earlier.Adapter && OriginalReference != earlier.OriginalReference) fields.Add("original_reference");
        if (Adapter == earlier.Adapter && EndToEndId != earlier.EndToEndId) fields.Add("end_to_end_id");
        return fields;
    }

    /// <summary>Whether it names this payment, by the PSP's own id.</summary>
    public bool Names(PaymentNotice payment)
    {
        ArgumentNullException.ThrowIfNull(payment);
        return payment.Psp == Psp && payment.PspReference == OriginalReference;
    }

    /// <summary>Whether it has this payment's end-to-end id, and so means it when no other has.</summary>
    public bool MayMean(PaymentNotice payment)
    {
        ArgumentNullException.ThrowIfNull(payment);
        // The id is the payer's: a sandbox may use the one of a live payment.
        return EndToEndId is { } id && payment.Psp == Psp && EndToEnd.Of(payment.Metadata) == id && Intake.IsTest(payment.PspReference) == Intake.IsTest(PspReference);
    }
}
