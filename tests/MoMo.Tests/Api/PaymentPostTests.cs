using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MoMo.Tests.Specs;
using MoMo.Tests.Support;

namespace MoMo.Tests.Api;

/// <summary>POST /v1/payments: what is taken, what is refused and how, what a repeat gets, and what proves it.</summary>
public sealed class PaymentPostTests(HubFixture fixture) : IClassFixture<HubFixture>
{
    private HubClient Hub => fixture.Hub;

    [Theory]
    [InlineData("""{"psp":"psp","psp_reference":"@","account_id":"acme","amount":"1250.50","currency":"KES"}""", "accepted acme")]
    [InlineData("""{"psp":"psp","psp_reference":"@","account_id":" ACME ","amount":"1250.50","currency":"KES"}""", "accepted acme")]
    [InlineData("""{"psp":"psp","psp_reference":"@","reference_id":"4711","amount":"1","currency":"UGX"}""", "accepted acme")]
    [InlineData("""{"psp":"psp","psp_reference":"@","account_id":"beta","reference_id":"0815","amount":"0.001","currency":"TND"}""", "accepted beta")]
    [InlineData("""{"psp":"psp","psp_reference":"@","account_id":"acme","amount":7.5,"currency":"KES"}""", "accepted acme")] // A number's own digits.
    [InlineData("""{"psp":"psp","psp_reference":"@","account_id":"nobody","amount":"1","currency":"KES"}""", "suspense ")]
    [InlineData("""{"psp":"psp","psp_reference":"@","reference_id":"nobodys","amount":"1","currency":"KES"}""", "suspense ")]
    [InlineData("""{"psp":"psp","psp_reference":"@","reference_id":"0815","amount":"1","currency":"KES"}""", "suspense ")] // Two have it: nobody guesses.
    [InlineData("""{"psp":"psp","psp_reference":"@","account_id":"acme","reference_id":"b-1","amount":"1","currency":"KES"}""", "suspense ")] // Both must agree.
    public async Task Money_that_moved_is_taken_and_goes_where_it_belongs_or_to_suspense(string body, string expected)
    {
        var sent = body.Replace("@", HubFixture.Fresh(), StringComparison.Ordinal);
        var taken = await Hub.PostAsync("/v1/payments", sent);
        Assert.True(taken.Status == 201, taken.ToString());
        Assert.Equal(expected, $"{taken.Text("status")} {taken.Text("account_id")}");
        Assert.NotEmpty(taken.Json.GetProperty("decision").EnumerateArray());
        Assert.Equal(expected.StartsWith("accepted", StringComparison.Ordinal), taken.Json.TryGetProperty("sequence", out var number) && number.ValueKind == JsonValueKind.Number);

        var found = await Hub.GetAsync($"/v1/payments/{taken.Text("id")}");
        Assert.Equal(expected, $"{found.Text("status")} {found.Text("account_id")}");
        var repeated = await Hub.PostAsync("/v1/payments", sent);
        Assert.Equal((200, taken.Text("id")), (repeated.Status, repeated.Text("id")));
        Assert.True(repeated.Json.GetProperty("replayed").GetBoolean());
    }

    [Theory]
    [InlineData("psp", """{"psp_reference":"X","account_id":"acme","amount":"1","currency":"KES"}""")]
    [InlineData("psp", """{"psp":"other","psp_reference":"X","account_id":"acme","amount":"1","currency":"KES"}""")]
    [InlineData("psp_reference", """{"psp":"psp","psp_reference":" ","account_id":"acme","amount":"1","currency":"KES"}""")]
    [InlineData("account_id", """{"psp":"psp","psp_reference":"X","amount":"1","currency":"KES"}""")]
    [InlineData("account_id", """{"psp":"psp","psp_reference":"X","account_id":7,"amount":"1","currency":"KES"}""")]
    [InlineData("amount", """{"psp":"psp","psp_reference":"X","account_id":"acme","currency":"KES"}""")]
    [InlineData("amount", """{"psp":"psp","psp_reference":"X","account_id":"acme","amount":"0","currency":"KES"}""")]
    [InlineData("amount", """{"psp":"psp","psp_reference":"X","account_id":"acme","amount":"-5","currency":"KES"}""")]
    [InlineData("amount", """{"psp":"psp","psp_reference":"X","account_id":"acme","amount":"1.234","currency":"KES"}""")]
    [InlineData("amount", """{"psp":"psp","psp_reference":"X","account_id":"acme","amount":"1,000","currency":"KES"}""")]
    [InlineData("amount", """{"psp":"psp","psp_reference":"X","account_id":"acme","amount":"99999999999999999999","currency":"KES"}""")]
    [InlineData("amount", """{"psp":"psp","psp_reference":"X","account_id":"acme","amount":1e3,"currency":"KES"}""")]
    [InlineData("currency", """{"psp":"psp","psp_reference":"X","account_id":"acme","amount":"1","currency":"XYZ"}""")]
    [InlineData("paid_at", """{"psp":"psp","psp_reference":"X","account_id":"acme","amount":"1","currency":"KES","paid_at":"2026-03-01T09:30:00"}""")]
    [InlineData("paid_at", """{"psp":"psp","psp_reference":"X","account_id":"acme","amount":"1","currency":"KES","paid_at":"2026-03-01T09:30:00+3"}""")]
    [InlineData("paid_at", """{"psp":"psp","psp_reference":"X","account_id":"acme","amount":"1","currency":"KES","paid_at":"March 4 2026 10:00 +1"}""")]
    [InlineData("paid_at", """{"psp":"psp","psp_reference":"X","account_id":"acme","amount":"1","currency":"KES","paid_at":"2026-02-30T09:30:00Z"}""")]
    [InlineData("paid_at", """{"psp":"psp","psp_reference":"X","account_id":"acme","amount":"1","currency":"KES","paid_at":"2026-03-01T09:30Z"}""")]
    [InlineData("paid_at", """{"psp":"psp","psp_reference":"X","account_id":"acme","amount":"1","currency":"KES","paid_at":"2026-3-4T10:00:00Z"}""")]
    [InlineData("paid_at", """{"psp":"psp","psp_reference":"X","account_id":"acme","amount":"1","currency":"KES","paid_at":"03/04/2026 10:00:00Z"}""")]
    [InlineData("metadata", """{"psp":"psp","psp_reference":"X","account_id":"acme","amount":"1","currency":"KES","metadata":[1]}""")]
    [InlineData("payer.name", """{"psp":"psp","psp_reference":"X","account_id":"acme","amount":"1","currency":"KES","payer":{"name":"A","name":"B"}}""")]
    [InlineData("accountid", """{"psp":"psp","psp_reference":"X","account_id":"acme","accountid":"beta","amount":"1","currency":"KES"}""")]
    [InlineData("amount", """{"psp":"psp","psp_reference":"X","account_id":"acme","amount":"1","amount":"2","currency":"KES"}""")]
    [InlineData("psp_reference", "{\"psp\":\"psp\",\"psp_reference\":\"X\\u0000\",\"account_id\":\"acme\",\"amount\":\"1\",\"currency\":\"KES\"}")]
    [InlineData("amount currency paid_at psp psp_reference", """{"account_id":"acme","amount":"x","currency":"??","paid_at":"yesterday"}""")]
    public async Task What_cannot_be_used_is_refused_with_every_field_at_once_and_its_proof_is_kept(string fields, string body)
    {
        var refused = await Hub.PostAsync("/v1/payments", body);
        Assert.True(refused.Status == 422, refused.ToString());
        Assert.Equal("application/problem+json", refused.Headers["Content-Type"].Split(';')[0]);
        if (fields.Contains(' ', StringComparison.Ordinal)) Assert.Subset(refused.Fields.ToHashSet(), fields.Split(' ').Except(["amount"]).ToHashSet());
        else Assert.Equal([fields], refused.Fields);
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)));
        Assert.Equal(1, await fixture.CountAsync($"kept_messages WHERE sha256 = '\\x{sha256}'"));
    }

    [Theory]
    [InlineData("", 400)]
    [InlineData("[]", 400)]
    [InlineData("{\"psp\":", 400)]
    [InlineData("{} {}", 400)]
    [InlineData("{\"psp\":\"\\ud800\"}", 400)]
    [InlineData("{\"metadata\":{\"a\":[1,{\"b\":\"\\ud800\"}]}}", 400)]
    [InlineData("{\"metadata\":{\"\\ud800\":1}}", 400)]
    public async Task What_is_no_JSON_is_malformed(string body, int status) => Assert.Equal(status, (await Hub.PostAsync("/v1/payments", body)).Status);

    [Fact]
    public async Task At_most_fifty_names_that_there_are_not_are_told_besides_what_is_missing()
    {
        var refused = await Hub.PostAsync("/v1/payments", $"{{{string.Join(',', Enumerable.Range(0, 2_000).Select(number => $"\"f{number}\":{{}}"))}}}");
        Assert.Equal(422, refused.Status);
        Assert.Equal(50, refused.Fields.Count(field => field[0] == 'f'));
        Assert.Equal(["account_id", "amount", "currency", "psp", "psp_reference"], refused.Fields.Where(field => field[0] != 'f'));
    }

    [Fact]
    public async Task A_PSP_that_no_text_may_be_is_named_however_much_else_is_wrong()
    {
        var unknown = string.Join(',', Enumerable.Range(0, 60).Select(number => $"\"f{number}\":1"));
        var refused = await Hub.PostAsync("/v1/payments", $$"""{{{unknown}},"psp":"p\u0000"}""");
        Assert.True(refused.Status == 422, refused.ToString());
        Assert.Contains("psp", refused.Fields);
    }

    [Fact]
    public async Task Metadata_may_hold_what_no_column_takes()
    {
        var body = $$$"""{"psp":"psp","psp_reference":"{{{HubFixture.Fresh()}}}","account_id":"acme","amount":"1","currency":"KES","metadata":{"end_to_end_id":"a\u0000"}}""";
        var taken = await Hub.PostAsync("/v1/payments", body);
        Assert.True(taken.Status == 201, taken.ToString());
    }

    [Theory]
    [InlineData("multipart/mixed; boundary=x", 415)]
    [InlineData("text/plain", 415)]
    [InlineData("nonsense", 415)]
    [InlineData("application/json; charset=utf-8", 201)]
    [InlineData("application/vnd.hub+json", 201)]
    [InlineData(null, 201)]
    public async Task Only_JSON_and_forms_are_taken(string? type, int status)
    {
        var json = $$$"""{"psp":"psp","psp_reference":"{{{HubFixture.Fresh()}}}","account_id":"acme","amount":"1","currency":"KES","metadata":{"a":[1,{"b":"c"}],"d":{}},"payer":{"name":"A"}}""";
        using var body = new ByteArrayContent(Encoding.UTF8.GetBytes(json));
        if (type is not null) body.Headers.TryAddWithoutValidation("Content-Type", type);
        var answer = await Hub.SendAsync(HttpMethod.Post, "/v1/payments", body);
        Assert.True(answer.Status == status, answer.ToString());
        if (status != 415) return;
        Assert.Equal("media-type-unsupported", answer.Text("code"));
        Assert.Equal("Send the body as Content-Type: application/json or application/x-www-form-urlencoded or multipart/form-data.", answer.Text("detail"));
    }

    [Theory]
    [InlineData("XXZ", "ten", "amount currency")]
    [InlineData("XXZ", "-1", "amount currency")]
    [InlineData("XXZ", "1.23456", "currency")]
    [InlineData("", "1e3", "amount currency")]
    [InlineData("KES", "1.005", "amount")]
    public async Task An_amount_that_is_none_is_named_whatever_its_currency(string currency, string amount, string fields)
    {
        var refused = await Hub.PostAsync(
            "/v1/payments", $$"""{"psp":"psp","psp_reference":"{{HubFixture.Fresh()}}","account_id":"acme","amount":"{{amount}}","currency":"{{currency}}"}""");
        Assert.Equal((422, fields), (refused.Status, string.Join(' ', refused.Fields.Order(StringComparer.Ordinal))));
    }

    [Fact]
    public async Task A_message_of_more_than_64_KiB_is_too_large()
    {
        var refused = await Hub.PostAsync("/v1/payments", $$"""{"psp":"{{new string('x', 65_536)}}"}""");
        Assert.Equal((413, "body-too-large"), (refused.Status, refused.Text("code")));

        // Nor may one be that does not say how long it is.
        using var body = new StreamContent(new PiecedStream(Enumerable.Repeat(new string('x', 1_000), 66)));
        refused = await Hub.SendAsync(HttpMethod.Post, "/v1/payments", body);
        Assert.Equal((413, "body-too-large"), (refused.Status, refused.Text("code")));
    }

    [Theory]
    [InlineData("payments", """{"psp":"psp","psp_reference":"@","account_id":"acme","amount":"1","currency":"KES"}""", 201)]
    [InlineData("kept_messages", """{"nothing":"@"}""", 422)]
    public async Task Nobody_is_answered_before_the_commit(string table, string body, int status)
    {
        var owner = fixture.Silo.Database.OwnerConnectionString;
        Task<HubAnswer> answering;
        await using (await HeldLock.TakeAsync(owner, $"LOCK TABLE {table} IN SHARE MODE"))
        {
            answering = Hub.PostAsync("/v1/payments", body.Replace("@", HubFixture.Fresh(), StringComparison.Ordinal));
            await Eventually.TrueAsync(
                async () => await Sql.AskAsync<long>(owner, $"SELECT count(*) {HeldLock.Waiting(table)}") > 0, () => "it to be written");
            Assert.False(answering.IsCompleted, "It was answered before it was committed.");
        }

        Assert.Equal(status, (await answering).Status);
    }

    [Fact]
    public async Task A_changed_repeat_is_refused_by_the_names_of_its_fields()
    {
        var reference = HubFixture.Fresh();
        var first = await Hub.PayAsync("psp", reference, "acme", "10.00");
        var differing = await Hub.PostAsync("/v1/payments", new { psp = "psp", pspReference = reference, accountId = "beta", amount = "11.00", currency = "UGX" });
        Assert.True(differing.Status == 409, differing.ToString());
        Assert.Equal("payment-differs", differing.Text("code"));
        Assert.Subset(differing.Fields.ToHashSet(), new HashSet<string> { "account_id", "amount" });
        Assert.Contains(first.Text("id")!, differing.Text("detail"), StringComparison.Ordinal);
        Assert.Equal(200, (await Hub.PayAsync("psp", reference, "acme", "10.00")).Status);
        // The differing message is kept beside the first.
        Assert.Equal(1, await fixture.CountAsync($"kept_messages WHERE payment_id = '{first.Text("id")}' AND why = 'payment-differs'"));
    }

    [Fact]
    public async Task Form_data_says_the_same_as_JSON()
    {
        var reference = HubFixture.Fresh();
        Dictionary<string, string> fields = new()
        {
            ["psp"] = "psp", ["psp_reference"] = reference, ["account_id"] = "acme", ["amount"] = "12.50", ["currency"] = "KES", ["payer.name"] = "Zoë & Söhne",
        };
        using var form = new FormUrlEncodedContent(fields);
        var taken = await Hub.SendAsync(HttpMethod.Post, "/v1/payments", form);
        Assert.True(taken.Status == 201, taken.ToString());
        Assert.Equal("Zoë & Söhne", taken.Json.GetProperty("payer").GetProperty("name").GetString());
        var json = await Hub.PostAsync(
            "/v1/payments", new { psp = "psp", pspReference = reference, accountId = "acme", amount = "12.50", currency = "KES", payer = new { name = "Zoë & Söhne" } });
        Assert.Equal((200, taken.Text("id")), (json.Status, json.Text("id")));

        fields["amount"] = "0";
        fields["currency"] = "?";
        fields["what"] = "ever";
        using var faulty = new FormUrlEncodedContent(fields);
        var refused = await Hub.SendAsync(HttpMethod.Post, "/v1/payments", faulty);
        Assert.Equal(422, refused.Status);
        Assert.Subset(refused.Fields.ToHashSet(), new HashSet<string> { "currency", "what" });
    }

    [Theory]
    [InlineData(65, 3, "The form can't be read")] // more fields than there may be
    [InlineData(1, 9_000, "The form can't be read")] // a longer value than there may be
    public async Task A_form_that_cannot_be_read_is_malformed_and_kept(int fields, int length, string detail)
    {
        var form = string.Join('&', Enumerable.Range(0, fields).Select(number => $"f{number}-{HubFixture.Fresh()}={new string('x', length)}"));
        await IsMalformedAsync(Encoding.UTF8.GetBytes(form), detail);
    }

    [Fact]
    public async Task A_form_that_is_no_UTF8_is_malformed_and_not_read_as_something_else() =>
        await IsMalformedAsync([.. Encoding.UTF8.GetBytes($"psp=psp&psp_reference={HubFixture.Fresh()}&account_id=acme&amount=1&currency=KES&payer.name=Zo"), 0xEB], "The form is not UTF-8.");

    private async Task IsMalformedAsync(byte[] form, string detail)
    {
        using var body = new ByteArrayContent(form) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded") } };
        var refused = await Hub.SendAsync(HttpMethod.Post, "/v1/payments", body);
        Assert.True(refused.Status == 400, refused.ToString());
        Assert.Equal("malformed-form", refused.Text("code"));
        Assert.StartsWith(detail, refused.Text("detail"), StringComparison.Ordinal);
        Assert.Equal(1, await fixture.CountAsync($"kept_messages WHERE sha256 = '\\x{Convert.ToHexStringLower(SHA256.HashData(form))}' AND why = 'malformed-form'"));
    }

    [Fact]
    public async Task The_same_payment_sent_a_hundred_times_at_once_is_one()
    {
        var reference = HubFixture.Fresh();
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Hub.PayAsync("psp", reference, "acme")));
        Assert.Single(answers, answer => answer.Status == 201);
        Assert.Equal(99, answers.Count(answer => answer.Status == 200));
        Assert.Single(answers.Select(answer => answer.Text("id")).Distinct());
        Assert.Equal(1, await fixture.CountAsync($"payments WHERE psp_reference = '{reference}'"));
    }

    [Fact]
    public async Task The_proof_is_what_was_sent_byte_for_byte()
    {
        var bytes = Encoding.UTF8.GetBytes(
            $$"""  {"psp" :"psp","psp_reference":"{{HubFixture.Fresh()}}","account_id":"acme", "amount":1.50,"currency":"KES","payer":{"name":"NJ\u00c9RI"} }  """ + "\r\n");
        using var body = new ByteArrayContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        var taken = await Hub.SendAsync(HttpMethod.Post, "/v1/payments", body);
        Assert.True(taken.Status == 201, taken.ToString());
        var proof = await Hub.GetAsync($"/v1/payments/{taken.Text("id")}/proof");
        Assert.Equal(bytes, proof.Bytes);
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes));
        Assert.Equal((sha256, sha256), (proof.Headers["MoMo-Proof-Sha256"], taken.Text("proof_sha256")));
        Assert.Contains("127.0.0.1", Uri.UnescapeDataString(proof.Headers["MoMo-Proof-Envelope"]), StringComparison.Ordinal);
        Assert.DoesNotContain("Bearer", Uri.UnescapeDataString(proof.Headers["MoMo-Proof-Envelope"]), StringComparison.OrdinalIgnoreCase);
    }
}
