using System.Text.Json;
using MoMo.Domain.Callbacks;
using MoMo.Domain.Files;
using MoMo.Domain.Payments;
using MoMo.Edge.Formats;
using MoMo.Engine;

namespace MoMo.Edge.Psps.MPesa;

/// <summary>
/// What came of asking a customer's phone to pay (STK push). It names no account: whoever asked knows the ids that Daraja gave the push, so one of them
/// is the payment's reference, and both are in its metadata.
/// </summary>
internal static class StkCallback
{
    /// <summary>What may be the reference, as the setting <c>stk_reference</c> says it; the first by default.</summary>
    public static readonly string[] References = [Checkout, Merchant, "none"];

    private const string Checkout = "checkout_request_id";
    private const string Merchant = "merchant_request_id";

    public static Entry[] Read(MessageFields fields, CallbackSource source, bool asPayment, string reference)
    {
        var checkout = fields.Needed("CheckoutRequestID", PaymentNotice.PspReferenceMax);
        var code = fields.Needed("ResultCode", 20);
        if (checkout is null || code is null) return Refuse(fields);
        var why = fields.Loose("ResultDesc", 200);
        if (code != "0")
            return [new NoticeEntry(1, NoticeKind.Failed, checkout, null, ForeignText.Clean($"Code {code}: {why}", ForeignText.DetailMax))];

        var items = new DarajaItems(fields.Section("CallbackMetadata").Value("Item"), "Name");
        if (items["MpesaReceiptNumber"] is not { Length: <= PaymentNotice.PspReferenceMax } receipt)
            return Refuse(fields, "MpesaReceiptNumber", "field-missing", "A successful STK callback has a receipt.");
        var amount = Money.Parse(items["Amount"] ?? "", "KES");
        if (amount.Refused is { } refusal) return Refuse(fields, "Amount", refusal.Code, refusal.Detail);
        if (DarajaTime.Read(items["TransactionDate"] ?? "") is not { } paidAt)
            return Refuse(fields, "TransactionDate", "time-malformed", "The time is 14 digits, yyyyMMddHHmmss, of a possible time.");
        if (!asPayment) return [new NoticeEntry(1, NoticeKind.Info, receipt, amount.Accepted, $"Paid by STK push {checkout}; its C2B confirmation is the payment.")];

        var merchant = fields.Loose("MerchantRequestID", PaymentNotice.PspReferenceMax);
        Dictionary<string, string> ids = new() { [Checkout] = checkout };
        if (merchant is not null) ids[Merchant] = merchant;
        var phone = ForeignText.Clean(items["PhoneNumber"], ForeignText.PayerNumberMax);
        return
        [
            new PaymentEntry(1, new PaymentNotice
            {
                Psp = source.Psp,
                Adapter = source.Adapter,
                PspReference = receipt,
                Amount = amount.Accepted!,
                ReferenceId = ids.GetValueOrDefault(reference) is { Length: <= PaymentNotice.NameMax } named ? named : null,
                PaidAt = paidAt,
                Payer = phone is null ? null : new Payer(null, phone, null),
                Metadata = JsonSerializer.Serialize(ids),
            }),
        ];
    }

    private static Entry[] Refuse(MessageFields fields, string name, string code, string detail)
    {
        fields.Fault(name, code, detail);
        return Refuse(fields);
    }

    private static Entry[] Refuse(MessageFields fields) =>
        [new FaultEntry(1, fields.Refused!.Code, string.Join(' ', fields.Faults.Select(fault => $"{fault.Field}: {fault.Detail}")))];
}
