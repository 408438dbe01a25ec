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

/// <summary>Could not be read, or is held because it contradicts itself; no payment was made of it.</summary>
public sealed record FaultEntry(int Position, string Code, string Detail) : Entry(Position);

/// <summary>Something a person should look at; it changes nothing (a statement whose balances don't close, a wrong check digit).</summary>
public sealed record WarningEntry(int Position, string Code, string Detail) : Entry(Position);

/// <summary>The file as a whole is refused from here on; always the last entry. Payments yielded before it must not be taken.</summary>
public sealed record FileRefused(int Position, string Code, string Detail) : Entry(Position);
