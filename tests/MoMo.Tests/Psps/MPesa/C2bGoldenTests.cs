using MoMo.Edge.Psps.MPesa;

namespace MoMo.Tests.Psps.MPesa;

/// <summary>Every M-Pesa Kenya sample against an independent reading: those that are no C2B message are refused.</summary>
public sealed class C2bGoldenTests
{
    public static IEnumerable<object[]> Files => SharedData.Manifest("mpesa-ke").Select(row => new object[] { row["file"] });

    public static IEnumerable<object[]> OwnFiles =>
    [
        ["c2b_confirm_account_hash_ref.json", "SGH31AA5TX KES 1250.00 4001#INV-77 JANE"],
        ["c2b_confirm_buygoods_empty_ref.json", "SGH31AA5UA KES 1250.00  JANE"],
        ["c2b_confirm_duplicate_delivery.json", "SGH31AA5TX KES 1250.00 4001#INV-77 JANE"],
        ["c2b_confirm_same_id_other_amount.json", "SGH31AA5TX KES 9250.00 4001#INV-77 JANE"],
        ["c2b_confirm_two_hashes.json", "SGH31AA5TZ KES 1250.00 4001#INV#77 JANE"],
        ["c2b_confirm_unicode_utf8_bom.json", "SGH31AA5UD KES 1250.00 4001#INV-77 ZOË NJÉRI"],
        ["c2b_reject_amount_negative.json", "amount-not-positive"],
        ["c2b_reject_amount_thousands.json", "amount-malformed"],
        ["c2b_reject_amount_zero.json", "amount-not-positive"],
        ["c2b_reject_time_month13.json", "time-malformed"],
        ["reject_truncated.json", "json-malformed"],
    ];

    [SharedDataTheory, MemberData(nameof(Files))]
    public void A_sample_reads_as_the_reference_does(string file)
    {
        var payments = SharedData.Reference("mobile-money.json", file).GetProperty("payments").EnumerateArray().ToList();
        var parsed = C2bMessage.Parse(SharedData.Read(file));
        Assert.Equal(payments.Count == 1, parsed.Accepted is not null);
        if (parsed.Accepted is not { } message) return;
        Assert.Equal(payments[0].GetProperty("amount_minor").GetInt64(), message.Amount.MinorUnits);
        Assert.Equal(payments[0].GetProperty("psp_reference").GetString(), message.TransId);
        Assert.Equal(payments[0].GetProperty("paid_at_utc").GetDateTimeOffset(), message.PaidAt.Instant);
        Assert.Equal(payments[0].GetProperty("payer").GetProperty("name").GetString(), message.Payer?.Name);
        Assert.Equal(payments[0].GetProperty("payer").GetProperty("msisdn").GetString(), message.Payer?.Phone);
    }

    [Theory, MemberData(nameof(OwnFiles))]
    public void A_sample_reads_as_it_was_built(string file, string expected)
    {
        var bytes = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Golden", "mpesa-ke", file));
        Assert.Equal(expected, C2bMessage.Parse(bytes).Match(
            accepted: message => $"{message.TransId} {message.Amount} {message.Text} {message.Payer?.Name}",
            refused: refusal => refusal.Faults.Count > 0 ? refusal.Faults[0].Code : refusal.Code));
    }

    [Fact]
    public void A_message_delivered_twice_is_the_same_notice()
    {
        var (one, other) = (Notice("c2b_confirm_account_hash_ref.json"), Notice("c2b_confirm_duplicate_delivery.json"));
        Assert.Empty(one.DifferencesFrom(other));
        Assert.Equal(["amount"], one.DifferencesFrom(Notice("c2b_confirm_same_id_other_amount.json")));
    }

    private static Domain.Payments.PaymentNotice Notice(string file) =>
        C2bMessage.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Golden", "mpesa-ke",
            file))).Accepted!.ToNotice("mpesa-ke", "a");
}
