using MoMo.Domain;
using MoMo.Domain.Callbacks;
using MoMo.Domain.Files;
using MoMo.Domain.Payments;

namespace MoMo.Edge.Psps.Flutterwave;

/// <summary>A charge as either version of Flutterwave describes it, once its fields are read.</summary>
/// <param name="Id">Flutterwave's id: <c>flw_ref</c> may be "N/A" and <c>tx_ref</c> repeats.</param>
/// <param name="Amount">What was asked, in major units.</param>
/// <param name="Reference">What the merchant named it.</param>
/// <param name="PaidAt">When.</param>
/// <param name="Payer">Who.</param>
internal sealed record FlutterwaveCharge(string Id, Money Amount, string? Reference, PaidAt? PaidAt, Payer? Payer)
{
    /// <summary>The charge as a payment.</summary>
    public Entry ToEntry(CallbackSource source, bool test) => test && source.Mode == Mode.Live
        ? new NoticeEntry(1, NoticeKind.Test, Id, Amount, "A test charge at a live adapter.")
        : new PaymentEntry(1, new PaymentNotice
        {
            Psp = source.Psp,
            Adapter = source.Adapter,
            PspReference = Id,
            Amount = Amount,
            PaidAt = PaidAt,
            Payer = Payer,
        }.WithMerchantReference(Reference));

    /// <summary>A customer's detail; "N/A" is none.</summary>
    public static string? Known(string? text) => text is "N/A" ? null : text;

    /// <summary>A payer, if anything is known.</summary>
    public static Payer? PayerOf(string? name, string? phone, string? email) =>
        name is null && phone is null && email is null ? null : new Payer(name, phone, email);
}
