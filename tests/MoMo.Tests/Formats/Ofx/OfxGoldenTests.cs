using System.Globalization;
using System.Text.Json;
using MoMo.Domain.Files;
using MoMo.Edge.Formats.Ofx;
using MoMo.Tests.Specs;

namespace MoMo.Tests.Formats.Ofx;

/// <summary>Every OFX sample against an independent reading of it.</summary>
public sealed class OfxGoldenTests
{
    /// <summary>Files that we refuse though the scan reads them, and why that is right.</summary>
    private static readonly Dictionary<string, string> Refused = new()
    {
        ["ofx/jseutter__ofxparse/error_message.ofx"] = "status-error", // The bank says that it failed: nothing is there, which is no empty statement.
        ["ofx/jseutter__ofxparse/fidelity-savings.ofx"] = "investments-refused",
    };

    public static IEnumerable<object[]> Files => SharedData.Manifest("ofx").Select(row => new object[] { row["file"] });

    [SharedDataTheory, MemberData(nameof(Files))]
    public async Task A_sample_reads_as_the_reference_does(string file)
    {
        var entries = await StatementEntries.ReadAsync(new OfxFormat(), SharedData.Read(file));
        if (Refused.TryGetValue(file, out var code))
        {
            Assert.Equal(code, Assert.IsType<FileRefused>(Assert.Single(entries)).Code);
            return;
        }

        var accounts = SharedData.Reference("ofx.json", file).GetProperty("accounts").EnumerateArray();
        var expected = accounts.SelectMany(account => account.GetProperty("transactions").EnumerateArray().Select(transaction => Expected(transaction, account)));
        Assert.Equal(expected, entries.Select(Shown));
    }

    private static string Expected(JsonElement transaction, JsonElement account)
    {
        // A transaction of which nothing can be read.
        if (transaction.GetProperty("fitid").GetString() is not { } id) return "fault psp-reference-missing";
        var amount = decimal.Parse(transaction.GetProperty("amount").GetString()!, CultureInfo.InvariantCulture);
        var bank = account.GetProperty("bank").GetString() is { } named ? $"{named}/" : "";
        var reference = $"{bank}{account.GetProperty("account").GetString() ?? "test-adapter"}/{id}";
        var money = $"{account.GetProperty("currency").GetString()} {Math.Abs(amount).ToString("0.00", CultureInfo.InvariantCulture)} {reference}";
        if (amount < 0) return $"out {money}";
        var name = transaction.GetProperty("name").GetString();
        return $"in {money} {transaction.GetProperty("memo").GetString() ?? name} {name} {Instant(transaction.GetProperty("date"))}";
    }

    private static string Instant(JsonElement date)
    {
        var time = date.GetProperty("time").GetString();
        var local = DateTime.Parse($"{date.GetProperty("date").GetString()}T{time ?? "00:00:00"}", CultureInfo.InvariantCulture);
        var hours = date.GetProperty("offset").GetString() is { } offset ? int.Parse(offset, CultureInfo.InvariantCulture) : 0;
        return $"{local.AddHours(-hours):yyyy-MM-ddTHH:mm:ss}{(time is null ? " day" : "")}";
    }

    private static string Shown(Entry entry) => entry switch
    {
        PaymentEntry { Notice: var notice } =>
            $"in {notice.Amount} {notice.PspReference} {notice.Text} {notice.Payer?.Name} {notice.PaidAt!.Instant:yyyy-MM-ddTHH:mm:ss}{(notice.PaidAt.DayOnly ? " day" : "")}",
        NoticeEntry { Kind: NoticeKind.Outgoing or NoticeKind.Fee } notice => $"out {notice.Amount} {notice.PspReference}",
        FaultEntry fault => $"fault {fault.Code}",
        _ => entry.ToString(),
    };
}
