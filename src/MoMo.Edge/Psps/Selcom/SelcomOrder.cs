using System.Text.Json;
using MoMo.Domain.Callbacks;
using MoMo.Domain.Files;
using MoMo.Domain.Payments;
using MoMo.Edge.Formats;

namespace MoMo.Edge.Psps.Selcom;

/// <summary>An order as Selcom answers it when it is asked for its status.</summary>
/// <param name="Fields">Of the order.</param>
/// <param name="Id">What we named it.</param>
/// <param name="Status">Its <c>payment_status</c>, in capitals.</param>
internal sealed record SelcomOrder(MessageFields Fields, string Id, string Status)
{
    private const string Currency = "TZS";

    /// <summary>The order of an answer; null when the answer is about something else.</summary>
    public static SelcomOrder? Find(MessageFields answer)
    {
        if (answer.Value("data") is not { ValueKind: JsonValueKind.Array } data || data.GetArrayLength() != 1) return null;
        var order = new MessageFields(data[0]);
        var (id, status) = (order.Loose("order_id", PaymentNotice.PspReferenceMax), order.Loose("payment_status", 40));
        return id is null || status is null ? null : new SelcomOrder(order, id, status.ToUpperInvariant());
    }

    public IReadOnlyList<Entry> Read(CallbackSource source)
    {
        if (Status != "COMPLETED")
        {
            var pending = Status is "PENDING" or "INPROGRESS";
            return [new NoticeEntry(1, pending ? NoticeKind.Pending : NoticeKind.Failed, Id, null, ForeignText.Clean($"Its status is {Status}.", ForeignText.DetailMax))];
        }

        // Of the mobile operator or the card scheme; Selcom's own reference is that of the request in its samples.
        var psp = Fields.Loose("transid", PaymentNotice.PspReferenceMax) ?? Fields.Needed("reference", PaymentNotice.PspReferenceMax);
        var amount = Fields.Needed("amount", Money.TextMax) is { } text ? Money.Parse(text, Fields.Loose("currency", 3) ?? Currency) : null;
        if (amount?.Refused is { } no) Fields.Fault("amount", no.Code, no.Detail);
        if (Fields.Refused is { } refusal)
            return [new FaultEntry(1, refusal.Code, ForeignText.Clean(string.Join(' ', refusal.Faults.Select(fault => $"{fault.Field}: {fault.Detail}")), ForeignText.DetailMax)!)];
        var phone = Fields.Loose("phone", ForeignText.PayerNumberMax) ?? Fields.Loose("msisdn", ForeignText.PayerNumberMax);
        return
        [
            new PaymentEntry(1, new PaymentNotice
            {
                Psp = source.Psp,
                Adapter = source.Adapter,
                PspReference = psp!,
                Amount = amount!.Accepted!,
                Payer = phone is null ? null : new Payer(null, phone, null),
            }.WithMerchantReference(Id)),
        ];
    }
}
