using MoMo.Domain.Files;
using MoMo.Domain.Payments;
using MoMo.Edge.Formats;

namespace MoMo.Edge.Psps.MPesa;

/// <summary>
/// What came of something that we ordered (B2C, B2B, a reversal) or asked (balance, a transaction's status). Never incoming money. Some of Daraja's
/// own samples swap <c>ResultParameters</c> and <c>ResultParameter</c>; both are read.
/// </summary>
internal static class DarajaResult
{
    /// <summary>A reversal that was done answers with this code instead of 0.</summary>
    private const string Reversed = "21";

    public static Entry[] Read(MessageFields result)
    {
        var code = result.Needed("ResultCode", 20);
        var conversation = result.Optional("ConversationID", PaymentNotice.PspReferenceMax);
        if (result.Refused is { } refusal)
            return [new FaultEntry(1, refusal.Code, string.Join(' ', refusal.Faults.Select(fault => $"{fault.Field}: {fault.Detail}")))];

        var items = new DarajaItems(List(result), "Key");
        // TransactionID may be a dummy (LGR0000000) where the receipt is among the items.
        var id = items["ReceiptNo"] ?? items["TransactionReceipt"] ?? result.Loose("TransactionID", PaymentNotice.PspReferenceMax) ?? conversation;
        var text = items["TransactionAmount"] ?? items["Amount"];
        var amount = text is null ? null : Money.Parse(text, "KES").Accepted;
        var kind = items switch
        {
            _ when items["OriginalTransactionID"] is not null && code is "0" or Reversed => NoticeKind.Reversal,
            _ when code != "0" => NoticeKind.Failed,
            _ when items["AccountBalance"] is not null || items["TransactionStatus"] is not null => NoticeKind.Info,
            _ => NoticeKind.Outgoing,
        };
        var told = ForeignText.Clean($"Code {code}: {result.Loose("ResultDesc", 200)} ({conversation})", ForeignText.DetailMax);
        if (kind == NoticeKind.Reversal && amount is not null && ForeignText.Clean(id, PaymentNotice.PspReferenceMax) is { } own
            && ForeignText.Clean(items["OriginalTransactionID"], PaymentNotice.PspReferenceMax) is { } original)
            return [new ReversalEntry(1, own, amount, original, null, null, told)];
        var reference = kind == NoticeKind.Reversal ? items["OriginalTransactionID"] ?? id : id;
        return
        [
            new NoticeEntry(
                1, kind, ForeignText.Clean(reference, PaymentNotice.PspReferenceMax), amount,
                told),
        ];
    }

    private static System.Text.Json.JsonElement List(MessageFields result)
    {
        var right = result.Section("ResultParameters").Value("ResultParameter");
        return right.ValueKind != System.Text.Json.JsonValueKind.Undefined ? right : result.Section("ResultParameter").Value("ResultParameters");
    }
}
