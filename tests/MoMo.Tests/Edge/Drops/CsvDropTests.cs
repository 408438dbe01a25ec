using System.Text.Json;
using MoMo.Domain;
using MoMo.Domain.Deliveries;
using MoMo.Domain.Payments;
using MoMo.Domain.Reversals;
using MoMo.Edge.Drops;
using MoMo.Tests.Specs;

namespace MoMo.Tests.Edge.Drops;

/// <summary>Every kind of event that a destination may ask for, as a line of CSV: it must be told for what it is.</summary>
public sealed class CsvDropTests
{
    private static readonly DateTimeOffset Later = KindUnderTest.Now.AddHours(1);

    [Fact]
    public async Task A_reversal_is_told_as_one_with_its_own_facts_and_names_its_payment()
    {
        var rows = await RowsAsync(KindUnderTest.Due(1), Reversed(1));
        Assert.Equal([EventTypes.Accepted, EventTypes.Reversed], rows.Select(row => row["type"]));
        var row = rows[1];
        Assert.Equal(
            [$"{KindUnderTest.Id(501)}", $"{KindUnderTest.Id(2_001)}", "acme", "9", "4711", "psp-back", "B1", "50.25", "KES", "2026-11-03T13:00:00Z", "my-adapter"],
            Cells(row, "delivery_id", "id", "account_id", "sequence", "reference_id", "psp", "psp_reference", "amount", "currency", "received_at", "adapter"));
        Assert.Equal(
            ["Sent to, by mistake", $"{KindUnderTest.Id(1_001)}", "1", "R1", "1250.50"],
            Cells(row, "reason", "payment_id", "payment_sequence", "payment_psp_reference", "payment_amount"));
        Assert.All(Cells(row, "paid_at", "payer_name", "payer_phone", "payer_account", "text", "shortcode", "state", "detail"), Assert.Empty);
    }

    [Fact]
    public async Task A_payment_out_of_suspense_is_told_as_assigned_and_when_it_was()
    {
        var due = KindUnderTest.Due(1);
        var row = Assert.Single(await RowsAsync(due with { Payment = due.Payment! with { Assignment = new(due.Payment.Id, "other", "77", 8, "found", "op", Later) } }));
        Assert.Equal([EventTypes.Assigned, "other", "77", "1250.50"], Cells(row, "type", "account_id", "reference_id", "amount"));
        Assert.Equal(["2026-11-03T12:00:00Z", "2026-11-03T13:00:00Z"], Cells(row, "received_at", "timestamp"));
    }

    [Fact]
    public async Task The_state_of_an_adapter_is_told_without_money()
    {
        var news = new AdapterNews(KindUnderTest.Id(7), "till", "psp", "down", Later);
        var row = Assert.Single(await RowsAsync(new DueDelivery(KindUnderTest.Id(8), 0, null) { Adapter = news }));
        Assert.Equal(
            [EventTypes.AdapterState, $"{KindUnderTest.Id(7)}", "psp", "till", "down", "2026-11-03T13:00:00Z"],
            Cells(row, "type", "id", "psp", "adapter", "state", "timestamp"));
        Assert.Equal(news.Detail, row["detail"]);
        Assert.All(Cells(row, "account_id", "sequence", "psp_reference", "amount", "currency", "payment_id"), Assert.Empty);
    }

    [Fact]
    public async Task Each_event_says_in_every_format_what_the_webhook_says()
    {
        var due = KindUnderTest.Due(1);
        DueDelivery[] all =
        [
            due, due with { Payment = due.Payment! with { Assignment = new(due.Payment.Id, "acme", null, 8, "found", "op", Later) } }, Reversed(1),
            new DueDelivery(KindUnderTest.Id(8), 0, null) { Adapter = new AdapterNews(KindUnderTest.Id(7), "till", "psp", "up", Later) },
        ];
        await using var test = new LocalUnderTest();
        var rows = await RowsAsync(all);
        Assert.Equal(EventTypes.All, rows.Select(row => row["type"]));
        foreach (var (one, row) in all.Zip(rows))
        {
            var said = JsonElement.Parse(test.Message(one).Body.Span);
            Assert.Equal(said.GetProperty("type").GetString(), row["type"]);
            foreach (var fact in said.GetProperty("data").EnumerateObject().Where(fact => row.ContainsKey(fact.Name)))
                Assert.Equal($"{fact.Name} {fact.Value}", $"{fact.Name} {row[fact.Name]}");
        }
    }

    [Fact]
    public async Task What_tells_of_nothing_is_told_as_nothing()
    {
        await using var test = new LocalUnderTest("csv");
        var message = test.Message(KindUnderTest.Due(1));
        var result = await ((IBatchKind)test.Kind).SendAsync([message with { Due = new DueDelivery(message.DeliveryId, 0, null) }], CancellationToken.None);
        Assert.Equal((AttemptVerdict.Retry, DeliveryCause.HubFault), (result.Verdict, result.Cause));
        Assert.False(Directory.Exists(test.Folder));
    }

    private static DueDelivery Reversed(int number)
    {
        var paid = KindUnderTest.Due(number);
        var notice = new ReversalNotice
        {
            Psp = "psp-back", PspReference = $"B{number}", Amount = Money.Parse("50.25", "KES").Accepted!, Adapter = "my-adapter", Detail = "Sent to, by mistake",
        };
        return paid with
        {
            Id = KindUnderTest.Id(500 + number), Sequence = 9,
            Reversal = new Reversal
            {
                Id = KindUnderTest.Id(2_000 + number), PaymentId = paid.Payment!.Id, AccountId = "acme", Sequence = 9, Notice = notice, ReceivedAt = Later,
                Proof = paid.Payment.Proof,
            },
        };
    }

    /// <summary>What was written, by the columns' names.</summary>
    private static async Task<List<Dictionary<string, string>>> RowsAsync(params DueDelivery[] all)
    {
        await using var test = new LocalUnderTest("csv");
        var result = await ((IBatchKind)test.Kind).SendAsync([.. all.Select(test.Message)], CancellationToken.None);
        Assert.True(result.Verdict == AttemptVerdict.Delivered, result.Error);
        var lines = Parse(await File.ReadAllTextAsync(Assert.Single(Directory.GetFiles(test.Folder))));
        Assert.Equal(
            "delivery_id,type,id,account_id,sequence,reference_id,psp,psp_reference,amount,currency,paid_at,received_at,payer_name,payer_phone,payer_account,"
                + "text,shortcode",
            string.Join(',', lines[0].Take(17)));
        Assert.All(lines, line => Assert.Equal(lines[0].Count, line.Count));
        return [.. lines.Skip(1).Select(line => lines[0].Zip(line).ToDictionary(cell => cell.First, cell => cell.Second))];
    }

    private static List<List<string>> Parse(string text)
    {
        List<List<string>> lines = [];
        List<string> line = [];
        var (cell, quoted) = ("", false);
        for (var place = 0; place < text.Length; place++)
        {
            var letter = text[place];
            if (letter == '"' && quoted && place + 1 < text.Length && text[place + 1] == '"') cell += text[++place];
            else if (letter == '"') quoted = !quoted;
            else if (quoted || letter is not (',' or '\r' or '\n')) cell += letter;
            else if (letter != '\r')
            {
                line.Add(cell);
                cell = "";
                if (letter != '\n') continue;
                lines.Add(line);
                line = [];
            }
        }

        return lines;
    }

    private static IEnumerable<string> Cells(Dictionary<string, string> row, params string[] names) => names.Select(name => row[name]);
}
