using System.Text.Json;
using MoMo.Domain.Files;
using MoMo.Edge.Formats.Camt;
using MoMo.Tests.Specs;

namespace MoMo.Tests.Formats.Camt;

/// <summary>Every camt sample against an independent reading of it.</summary>
public sealed class CamtGoldenTests
{
    private static readonly Dictionary<string, string> Differences = new()
    {
        ["camt.053/derived/reject_batch_sum_mismatch.xml"] = "The scan lists the parts of a batch; we hold a batch that does not add up.",
        ["camt.053/Subite-eu__camt-to-coda/LT6258_2024-04-02.xml"] = "Balances without CdtDbtInd: read as credit they close; the scan counts them as a mismatch.",
        ["camt.053/Subite-eu__camt-to-coda/LT6258_2024-09-06.xml"] = "As above.",
        ["camt.053/Subite-eu__camt-to-coda/LT6258_2024-09-30.xml"] = "As above.",
    };

    private static readonly CamtFormat[] Formats = [CamtFormat.Report, CamtFormat.Statement, CamtFormat.Notification];

    public static IEnumerable<object[]> Files => Formats.SelectMany(format => SharedData.Manifest(format.Name)).Select(row => new object[] { row["file"] });

    [SharedDataTheory, MemberData(nameof(Files))]
    public async Task A_sample_reads_as_the_reference_does(string file)
    {
        var format = Formats.Single(format => file.StartsWith(format.Name, StringComparison.Ordinal));
        var row = SharedData.Manifest(format.Name).Single(row => row["file"] == file);
        var reference = SharedData.Reference("camt.json", file);
        var entries = await StatementEntries.ReadAsync(format, SharedData.Read(file));
        Assert.Equal(reference.GetProperty("ok").GetBoolean(), entries is not [.., FileRefused]);
        if (!reference.GetProperty("ok").GetBoolean()) return;

        var payments = entries.OfType<PaymentEntry>().ToList();
        // The scan counts an RvslInd of status INFO: nothing was booked, so nothing is taken back.
        var marked = int.Parse(row["ref_reversals"]) - (file.EndsWith("FI_camt_054_sample.xml.xml", StringComparison.Ordinal) ? 1 : 0);
        Assert.Equal(marked + reference.GetProperty("returns").GetInt32(),
            entries.OfType<NoticeEntry>().Count(notice => notice.Kind is NoticeKind.Return) + entries.OfType<ReversalEntry>().Count());
        if (file.EndsWith("reject_batch_sum_mismatch.xml", StringComparison.Ordinal))
        {
            Assert.Equal("1 fault batch-sum-mismatch", StatementEntries.Summary(entries));
            return;
        }

        Assert.Empty(entries.OfType<FaultEntry>());
        Assert.Equal(int.Parse(row["ref_incoming_payments"]), payments.Count);
        var sums = payments.GroupBy(payment => payment.Notice.Amount.Currency.Code).ToDictionary(group => group.Key, group =>
            group.Sum(payment => payment.Notice.Amount.MinorUnits));
        Assert.Equal(JsonSerializer.Deserialize<Dictionary<string, long>>(row["ref_incoming_minor"]), sums);
        AssertBalances(file, reference, entries);
        Assert.Equal(payments.Count, payments.Select(payment => payment.Notice.PspReference).Distinct().Count());
        foreach (var (payment, expected) in payments.Zip(reference.GetProperty("payments").EnumerateArray()))
            AssertPayment(payment, expected);
    }

    private static void AssertBalances(string file, JsonElement reference, List<Entry> entries)
    {
        var mismatches = reference.GetProperty("statements").EnumerateArray().Count(statement =>
            statement.GetProperty("balance_ok").ValueKind == JsonValueKind.False);
        if (Differences.ContainsKey(file)) mismatches = 0;
        Assert.Equal(mismatches, entries.OfType<HeldEntry>().Count(held => held.Code == "balance-mismatch"));
    }

    private static void AssertPayment(PaymentEntry payment, JsonElement expected)
    {
        var notice = payment.Notice;
        Assert.Equal(expected.GetProperty("amount_minor").GetInt64(), notice.Amount.MinorUnits);
        Assert.Equal(expected.GetProperty("account").GetString(), notice.Shortcode);
        var candidates = expected.GetProperty("psp_reference_candidates").EnumerateArray().Select(candidate =>
            candidate.GetString()!).ToList();
        if (candidates.Count > 0) Assert.StartsWith($"{notice.Shortcode}/{candidates[0]}", notice.PspReference, StringComparison.Ordinal);
        if (expected.GetProperty("payer").GetString() is { } payer) Assert.Equal(payer.Trim(), notice.Payer?.Name);
        if (expected.GetProperty("payer_iban").GetString() is { } iban) Assert.Equal(iban, notice.Payer?.Account);
        var references = expected.GetProperty("creditor_ref").EnumerateArray().Select(one => one.GetString()).ToList();
        var free = expected.GetProperty("ustrd").EnumerateArray().Select(one => one.GetString()!).ToList();
        var text = references.Count > 0
            ? string.Join(' ', references) : free.Count > 0 ? string.Concat(free) : expected.GetProperty("end_to_end").GetString() ?? "";
        Assert.Equal(Letters(text), Letters(notice.Text ?? ""));
        if (expected.GetProperty("booking").GetString() is { } booking)
            Assert.Equal(!booking.Contains('T', StringComparison.Ordinal), notice.PaidAt!.DayOnly);
        else Assert.True(notice.PaidAt is null || notice.PaidAt.DayOnly);
    }

    // Blanks between the parts of a text are a matter of taste.
    private static string Letters(string text) =>
        text.Replace(" ", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal);
}
