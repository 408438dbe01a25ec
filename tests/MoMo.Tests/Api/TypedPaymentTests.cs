using System.Net.Http.Headers;
using System.Text;
using MoMo.Client;
using MoMo.Client.Adapters;
using MoMo.Client.Wire;
using MoMo.Tests.Support;

namespace MoMo.Tests.Api;

/// <summary>What the payer typed and the number that was paid to, in the standard form: whichever way a payment comes, the rules find by them, and repeats agree in them.</summary>
public sealed class TypedPaymentTests(HubFixture fixture) : IClassFixture<HubFixture>, IAsyncLifetime
{
    private static int made;

    private static string key = "";

    private HubClient Hub => fixture.Hub;

    public async Task InitializeAsync()
    {
        if (Interlocked.Increment(ref made) > 1) return;
        await Hub.AddAdapterAsync("typed", "psp", "json", null,
        [
            new { rule = "shortcode", accounts = new Dictionary<string, string> { ["600000"] = "beta" } },
            new { rule = "pattern", pattern = "^INV-(?<reference>.+)$" },
            new { rule = "account#reference" },
        ]);
        key = await Hub.AddKeyAsync("adapter:typed");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData("""{"text":"acme#4711"}""", "accepted acme 4711")]
    [InlineData("""{"text":" acme # new "}""", "accepted acme new")]
    [InlineData("""{"text":"acme"}""", "accepted acme ")]
    [InlineData("""{"shortcode":"600000","text":"A 12"}""", "accepted beta A 12")]
    [InlineData("""{"shortcode":"600000"}""", "accepted beta ")]
    [InlineData("""{"shortcode":"600009","text":"b-1"}""", "accepted beta b-1")]
    [InlineData("""{"reference_id":"acme#4711"}""", "accepted acme 4711")]
    [InlineData("""{"reference_id":"4711"}""", "accepted acme 4711")]
    [InlineData("""{"reference_id":"#b-1"}""", "accepted beta b-1")]
    [InlineData("""{"reference_id":"acme#b-1"}""", "suspense  b-1")] // Somebody else's: nobody guesses.
    [InlineData("""{"reference_id":"acme"}""", "suspense  acme")] // A customer may be called as an account is.
    [InlineData("""{"account_id":"nobody","reference_id":"acme#4711"}""", "suspense  acme#4711")] // An account that was named is not found elsewhere.
    [InlineData("""{"text":"nobody#1","reference_id":"acme#4711"}""", "suspense  1")]
    [InlineData("""{"account_id":"nobody","text":"b-1"}""", "suspense  b-1")] // Nor by what was typed, when that is a reference alone,
    [InlineData("""{"account_id":"nobody","text":"#b-1"}""", "suspense  b-1")]
    [InlineData("""{"account_id":"acme","text":"b-1"}""", "suspense  b-1")]
    [InlineData("""{"account_id":"nobody","text":"INV-b-1"}""", "suspense  INV-b-1")]
    [InlineData("""{"account_id":"Beta","text":"b-1"}""", "accepted beta b-1")] // but at the one that was named.
    [InlineData("""{"account_id":"beta","text":"INV-b-1"}""", "accepted beta b-1")]
    [InlineData("""{"text":"INV-b-1"}""", "accepted beta b-1")]
    [InlineData("""{"account_id":"nobody","text":"beta#b-1"}""", "suspense  b-1")] // nor where the payer named another.
    public async Task A_payment_goes_where_its_dry_run_says(string said, string expected)
    {
        using var adapter = fixture.Silo.As(key);
        var sent = Payment(HubFixture.Fresh(), said);
        var taken = await adapter.PostAsync("/v1/payments", sent);
        Assert.True(taken.Status == 201, taken.ToString());
        Assert.Equal(expected, $"{taken.Text("status")} {taken.Text("account_id")} {taken.Text("reference_id")}");
        var again = await adapter.PostAsync("/v1/payments", sent);
        Assert.Equal((200, taken.Text("id")), (again.Status, again.Text("id")));

        var asked = await Hub.PostAsync("/v1/routing/dry-run", $$"""{"adapter":"typed",{{said[1..]}}""");
        Assert.Equal((taken.Text("status"), taken.Text("account_id")), (asked.Text("status"), asked.Text("account_id")));
    }

    [Fact]
    public async Task The_standard_rules_read_what_was_typed_and_what_was_sent_is_shown()
    {
        var taken = await Hub.PostAsync("/v1/payments", Payment(HubFixture.Fresh(), """{"text":" beta#b-1 ","shortcode":"174379"}"""));
        Assert.Equal((201, "beta", "b-1"), (taken.Status, taken.Text("account_id"), taken.Text("reference_id")));
        var found = await Hub.GetAsync($"/v1/payments/{taken.Text("id")}");
        Assert.Equal(("beta#b-1", "174379"), (found.Text("text"), found.Text("shortcode")));
    }

    [Theory]
    [InlineData("""{"text":"acme#4712","shortcode":"1"}""", "text")]
    [InlineData("""{"text":"acme#4711","shortcode":"2"}""", "shortcode")]
    [InlineData("""{"reference_id":"x"}""", "reference_id shortcode text")]
    public async Task A_repeat_agrees_in_what_was_typed_and_where_it_was_paid_to(string changed, string fields)
    {
        var reference = HubFixture.Fresh();
        Assert.Equal(201, (await Hub.PostAsync("/v1/payments", Payment(reference, """{"text":"acme#4711","shortcode":"1"}"""))).Status);
        var differs = await Hub.PostAsync("/v1/payments", Payment(reference, changed));
        Assert.Equal((409, "payment-differs", fields), (differs.Status, differs.Text("code"), string.Join(' ', differs.Fields.Order(StringComparer.Ordinal))));
    }

    [Fact]
    public async Task Forms_lines_and_the_client_say_the_same()
    {
        var reference = HubFixture.Fresh();
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["psp"] = "psp", ["psp_reference"] = reference, ["amount"] = "1.00", ["currency"] = "KES", ["text"] = "acme#4711", ["shortcode"] = "600638",
        });
        var taken = await Hub.SendAsync(HttpMethod.Post, "/v1/payments", form);
        Assert.Equal((201, "acme"), (taken.Status, taken.Text("account_id")));

        using var line = new StringContent(
            Payment(reference, """{"text":"acme#4711","shortcode":"600638"}"""), Encoding.UTF8, new MediaTypeHeaderValue("application/x-ndjson"));
        var answered = await Hub.SendAsync(HttpMethod.Post, "/v1/payments/bulk", line);
        Assert.Equal((200, taken.Text("id")), (answered.Json.GetProperty("status").GetInt32(), answered.Text("id")));

        var payment = new NewPayment { Psp = "psp", PspReference = reference, Amount = "1.00", Currency = "KES", Text = "acme#4711", Shortcode = "600638" };
        using var http = new HttpClient { BaseAddress = Hub.Url };
        var repeated = await new MoMoClient(http, new MoMoClientOptions { Key = fixture.Silo.Key }).Payments.SendAsync(payment);
        Assert.Equal((true, taken.Text("id")), (repeated.Replayed, repeated.Id));

        await using var host = await AdapterHost.StartAsync(http, new AdapterHostOptions { Adapter = "typed", Key = key });
        var streamed = await host.SendAsync(payment with { PspReference = HubFixture.Fresh(), Shortcode = "600000" });
        Assert.Equal((201, "accepted"), (streamed.Status, streamed.Outcome));
        Assert.Equal("beta", (await Hub.GetAsync($"/v1/payments/{streamed.Id}")).Text("account_id"));
    }

    [Theory]
    [InlineData("text", 1_000)]
    [InlineData("shortcode", 100)]
    public async Task What_is_longer_than_is_kept_is_refused_by_name_also_when_it_is_only_asked_about(string field, int max)
    {
        Assert.Equal(201, (await Hub.PostAsync("/v1/payments", Payment(HubFixture.Fresh(), $$"""{"{{field}}":"{{new string('x', max)}}"}"""))).Status);
        var longer = $$"""{"{{field}}":"{{new string('x', max + 1)}}"}""";
        var refused = await Hub.PostAsync("/v1/payments", Payment(HubFixture.Fresh(), longer));
        Assert.Equal((422, field), (refused.Status, string.Join(' ', refused.Fields)));
        var asked = await Hub.PostAsync("/v1/routing/dry-run", longer);
        Assert.Equal((422, "too-long", field), (asked.Status, asked.Text("code"), string.Join(' ', asked.Fields)));
    }

    [Theory]
    [InlineData("""{"text":" ","shortcode":null}""", "account_id")]
    [InlineData("""{"text":7}""", "text")]
    [InlineData("""{"text":"a","text":"b"}""", "text")]
    [InlineData("{\"shortcode\":\"a\\u0000\"}", "shortcode")]
    public async Task What_cannot_be_used_is_named(string said, string field)
    {
        var refused = await Hub.PostAsync("/v1/payments", Payment(HubFixture.Fresh(), said));
        Assert.Equal((422, "payment-malformed", field), (refused.Status, refused.Text("code"), string.Join(' ', refused.Fields)));
    }

    private static string Payment(string reference, string said) =>
        $$"""{"psp":"psp","psp_reference":"{{reference}}","amount":"1.00","currency":"KES",{{said[1..]}}""";
}
