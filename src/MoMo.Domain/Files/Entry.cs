using MoMo.Domain.Payments;

namespace MoMo.Domain.Files;

/// <summary>One thing that a file says.</summary>
/// <param name="Position">Line, row or entry of the file, from 1.</param>
public abstract record Entry(int Position);

/// <summary>Final, incoming, live money.</summary>
public sealed record PaymentEntry(int Position, PaymentNotice Notice) : Entry(Position);

/// <summary>Recorded, never credited.</summary>
/// <param name="Position">Where.</param>
/// <param name="Kind">What it is.</param>
/// <param name="PspReference">The PSP's id of it, if it has one.</param>
/// <param name="Amount">How much, if it is money; always positive.</param>
/// <param name="Detail">In a sentence or less.</param>
public sealed record NoticeEntry(int Position, NoticeKind Kind, string? PspReference, Money? Amount, string? Detail) : Entry(Position);

/// <summary>Takes an earlier payment back: a reversal or chargeback by the PSP, a return by the bank. See <see cref="Reversals.Reversal"/>.</summary>
/// <param name="Position">Where.</param>
/// <param name="PspReference">The PSP's id of the reversal itself.</param>
/// <param name="Amount">What goes back; always positive.</param>
/// <param name="OriginalReference">The psp_reference of the payment that it takes back, where the file tells.</param>
/// <param name="EndToEndId">The id that the payer gave the payment (its metadata's <c>end_to_end_id</c>), where the file tells.</param>
/// <param name="BookedAt">When it was booked, where the file tells.</param>
/// <param name="Detail">In a sentence or less.</param>
public sealed record ReversalEntry(
    int Position, string PspReference, Money Amount, string? OriginalReference, string? EndToEndId, PaidAt? BookedAt, string? Detail)
    : Entry(Position);

/// <summary>Could not be read, or is held because it contradicts itself; no payment was made of it.</summary>
public sealed record FaultEntry(int Position, string Code, string Detail) : Entry(Position);

/// <summary>Something a person should look at; it changes nothing (a wrong check digit).</summary>
public sealed record WarningEntry(int Position, string Code, string Detail) : Entry(Position);

/// <summary>What the entries from <c>From</c> up to this position are part of contradicts itself, such as a statement whose balances
/// don't close: nothing of them is credited.</summary>
/// <param name="Position">The last that is held.</param>
/// <param name="From">The first that is held.</param>
/// <param name="Code">Stable and machine-readable.</param>
/// <param name="Detail">Why, in a sentence.</param>
public sealed record HeldEntry(int Position, int From, string Code, string Detail) : Entry(Position);

/// <summary>The file as a whole is refused from here on; always the last entry. Payments yielded before it must not be taken.</summary>
public sealed record FileRefused(int Position, string Code, string Detail) : Entry(Position);
