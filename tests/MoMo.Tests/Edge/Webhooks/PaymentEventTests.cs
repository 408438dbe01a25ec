using System.Text;
using System.Text.Json;
using MoMo.Domain.Deliveries;
using MoMo.Domain.Payments;
using MoMo.Domain.Proofs;
using MoMo.Domain.Reversals;
using MoMo.Domain.Routing;
using MoMo.Edge.Webhooks;
using MoMo.Tests.Support;

namespace MoMo.Tests.Edge.Webhooks;

public sealed class PaymentEventTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData('x')]
    [InlineData('"')]
    [InlineData('\u7d05')] // three bytes in UTF-8
    [InlineData('\u3000')] // escaped, six bytes
    public void The_longest_fields_stay_under_twenty_kilobytes(char letter)
    {
        var payment = Payment(letter);
        var due = new DueDelivery(Guid.Empty, 99, payment);
        Assert.InRange(PaymentEvent.Write(due).Length, 5_000, PaymentEvent.BytesMax - 1);
        Assert.InRange(PaymentEvent.Write(due with { Reversal = Reversal(payment, letter) }).Length, 5_000, PaymentEvent.BytesMax - 1);
        var news = new AdapterNews(Guid.Empty, new string('a', 64), new string('a', 64), "down", Now);
        Assert.InRange(PaymentEvent.Write(new DueDelivery(Guid.Empty, 0, null) { Adapter = news }).Length, 200, PaymentEvent.BytesMax - 1);
    }

    [Fact]
    public void Events_say_what_they_are_in_which_version_and_at_which_attempt()
    {
        var payment = Payment('x');
        var assigned = payment with { Assignment = new(payment.Id, "acme", null, 8, "found", "op", Now) };
        Assert.Equal("payment.accepted 1 3 7", Head(PaymentEvent.Write(new DueDelivery(Guid.Empty, 2, payment))));
        Assert.Equal("payment.assigned 1 1 7", Head(PaymentEvent.Write(new DueDelivery(Guid.Empty, 0, assigned))));
        Assert.Equal("payment.reversed 1 1 9", Head(PaymentEvent.Write(new DueDelivery(Guid.Empty, 0, payment) { Reversal = Reversal(payment, 'x') })));
    }

    [Fact]
    public void One_that_can_t_be_written_leaves_nothing_in_the_next_and_none_changes_one_before()
    {
        var (payment, news) = (Payment('x'), new AdapterNews(Guid.Empty, "a", "p", "down", Now));
        var before = PaymentEvent.Write(new DueDelivery(Guid.Empty, 0, payment));
        var kept = before.ToArray();
        var broken = payment with { Notice = payment.Notice with { Metadata = """{"m":""" } };
        Assert.ThrowsAny<JsonException>(() => PaymentEvent.Write(new DueDelivery(Guid.Empty, 0, broken)));
        Assert.ThrowsAny<ArgumentException>(() => PaymentEvent.Write(new DueDelivery(Guid.Empty, 0, null)));

        var next = PaymentEvent.Write(new DueDelivery(Guid.Empty, 0, null) { Adapter = news });
        Assert.Equal("down", JsonElement.Parse(next.Span).GetProperty("data").GetProperty("state").GetString());
        Assert.Equal(kept, before.ToArray());
        Assert.Equal(kept, PaymentEvent.Write(new DueDelivery(Guid.Empty, 0, payment)).ToArray());
    }

    [Fact]
    public void The_document_names_every_field_of_a_payment_and_of_a_reversal()
    {
        var payment = Payment('x');
        var told = Names(PaymentEvent.Write(new DueDelivery(Guid.Empty, 0, payment)));
        var back = Names(PaymentEvent.Write(new DueDelivery(Guid.Empty, 0, payment) { Reversal = Reversal(payment, 'x') }));
        var tables = File.ReadAllText(RepositoryFolder.Find("docs", "WEBHOOKS.md")).Split("| field | always | what it is |")[1..];
        Assert.Equal([told, back], tables.Select(table => Words(table.Split("\n\n")[0])));

        static string Names(ReadOnlyMemory<byte> body) =>
            string.Join(' ', JsonElement.Parse(body.Span).GetProperty("data").EnumerateObject().Select(field => field.Name));

        static string Words(string table) => string.Join(
            ' ', table.Split('\n').Where(row => row.StartsWith("| `", StringComparison.Ordinal)).SelectMany(row => row.Split('|')[1].Split('`').Where((_, place) => place % 2 == 1)));
    }

    [Fact]
    public void Filters_narrow_by_event_currency_and_psp()
    {
        var payment = Payment('x');
        var assigned = payment with { Assignment = new(payment.Id, "acme", null, 8, "found", "op", Now) };
        Assert.True(DestinationFilter.All.Takes(payment));
        Assert.True(new DestinationFilter(Set(EventTypes.Accepted), Set("KES"), Set(payment.Notice.Psp)).Takes(payment));
        Assert.False(new DestinationFilter(Set(EventTypes.Accepted), null, null).Takes(assigned));
        Assert.True(new DestinationFilter(Set(EventTypes.Reversed), null, null).Takes(payment, EventTypes.Reversed));
        Assert.False(new DestinationFilter(Set(EventTypes.Accepted), null, null).Takes(payment, EventTypes.Reversed));
        Assert.False(new DestinationFilter(Set(EventTypes.AdapterState), null, null).Takes(payment));
        Assert.False(new DestinationFilter(null, Set("UGX"), null).Takes(payment));
        Assert.False(new DestinationFilter(null, null, Set("other")).Takes(payment));
    }

    private static Reversal Reversal(Payment payment, char letter) => new()
    {
        Id = Guid.Empty, PaymentId = payment.Id, AccountId = payment.AccountId, Sequence = 9, ReceivedAt = Now, Proof = payment.Proof,
        Notice = new ReversalNotice
        {
            Psp = payment.Notice.Psp, PspReference = new string(letter, 200), Amount = payment.Notice.Amount, Adapter = payment.Notice.Adapter,
            Detail = new string(letter, ReversalNotice.DetailMax),
        },
    };

    private static HashSet<string> Set(params string[] words) => [.. words];

    private static string Head(ReadOnlyMemory<byte> body)
    {
        var json = JsonElement.Parse(body.Span);
        var (type, version, attempt) = (json.GetProperty("type").GetString(), json.GetProperty("version").GetInt32(), json.GetProperty("attempt").GetInt32());
        return $"{type} {version} {attempt} {json.GetProperty("data").GetProperty("sequence").GetInt64()}";
    }

    private static Payment Payment(char letter)
    {
        string Of(int length) => new(letter, length);
        var inner = letter == '"' ? string.Concat(Enumerable.Repeat("\\\"", 2_040)) : Of(4_085 / Encoding.UTF8.GetByteCount([letter]));
        var notice = new PaymentNotice
        {
            Psp = new string('p', 64), PspReference = Of(PaymentNotice.PspReferenceMax), Amount = Money.Parse("1250.50", "KES").Accepted!, Adapter = new string('a', 64),
            AccountId = Of(PaymentNotice.NameMax), ReferenceId = Of(PaymentNotice.NameMax), PaidAt = new PaidAt(Now), Text = Of(1_000), Shortcode = Of(20),
            Payer = new Payer(Of(140), Of(80), Of(80)), Metadata = $$"""{"m":"{{inner}}"}""",
        };
        return new Payment
        {
            Id = Guid.Empty, Notice = notice, Decision = new RoutingDecision("acme", Of(PaymentNotice.NameMax), []), Sequence = 7, ReceivedAt = Now,
            Proof = new ProofLink([], 1, 0, null),
        };
    }
}
