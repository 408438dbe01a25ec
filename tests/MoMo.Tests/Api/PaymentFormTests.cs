using System.Net.Http.Headers;
using System.Text;
using MoMo.Tests.Support;

namespace MoMo.Tests.Api;

/// <summary>POST /v1/payments as form data in parts, as <c>curl -F</c> sends it, and forms that can't be decoded; a PSP that nobody knows beside other faults.</summary>
public sealed class PaymentFormTests(HubFixture fixture) : IClassFixture<HubFixture>
{
    private HubClient Hub => fixture.Hub;

    [Fact]
    public async Task A_form_in_parts_says_the_same_as_JSON()
    {
        var reference = HubFixture.Fresh();
        using var form = Parts(("psp", "psp"), ("psp_reference", reference), ("account_id", "acme"), ("amount", "12.50"), ("currency", "KES"), ("payer.name", "Zoë & Söhne"));
        using var metadata = new ByteArrayContent("""{"till":7}"""u8.ToArray());
        form.Add(metadata, "metadata", "metadata.json"); // curl -F metadata=@metadata.json
        var taken = await Hub.SendAsync(HttpMethod.Post, "/v1/payments", form);
        Assert.True(taken.Status == 201, taken.ToString());
        var json = await Hub.PostAsync("/v1/payments", new
        {
            psp = "psp", pspReference = reference, accountId = "acme", amount = "12.50", currency = "KES", payer = new { name = "Zoë & Söhne" }, metadata = new { till = 7 },
        });
        Assert.Equal((200, taken.Text("id")), (json.Status, json.Text("id")));
    }

    [Fact]
    public async Task A_form_in_parts_names_all_its_faults()
    {
        using var form = Parts(("psp", "nobody"), ("psp_reference", "X"), ("acount_id", "acme"), ("amount", "0"), ("currency", "KES"), ("currency", "UGX"));
        var refused = await Hub.SendAsync(HttpMethod.Post, "/v1/payments", form);
        Assert.Equal((422, "account_id acount_id amount currency psp"), (refused.Status, string.Join(' ', refused.Fields)));
        Assert.Contains("Did you mean account_id?", refused.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"psp\"\r\n\r\npsp", "ends before its last boundary")]
    [InlineData("multipart/form-data; boundary=x", "--x\r\n\r\npsp\r\n--x--", "needs a name")]
    [InlineData("multipart/form-data; boundary=x", "--x\r\nnonsense\r\n\r\npsp\r\n--x--", "can't be read")]
    [InlineData("multipart/form-data", "--x--", "needs a boundary")]
    [InlineData("application/x-www-form-urlencoded", "psp=psp&psp_reference=%ZZ", "two hex digits")]
    [InlineData("application/x-www-form-urlencoded", "psp=psp&psp_reference=%2", "two hex digits")]
    [InlineData("application/x-www-form-urlencoded", "psp=psp&psp_reference=%ff%fe", "not UTF-8")]
    [InlineData("application/x-www-form-urlencoded", "psp=psp&psp_reference=%C3&account_id=%A9", "not UTF-8")]
    public async Task A_form_that_cannot_be_decoded_is_malformed(string type, string form, string detail)
    {
        using var body = new ByteArrayContent(Encoding.UTF8.GetBytes(form));
        body.Headers.TryAddWithoutValidation("Content-Type", type);
        var refused = await Hub.SendAsync(HttpMethod.Post, "/v1/payments", body);
        Assert.Equal((400, "malformed-form"), (refused.Status, refused.Text("code")));
        Assert.Contains(detail, refused.Text("detail"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(8_192, 422, "metadata")] // read, and longer than metadata may be
    [InlineData(8_193, 400, "")]
    public async Task A_part_has_at_most_8_KiB(int length, int status, string fields)
    {
        using var form = Parts(
            ("psp", "psp"), ("psp_reference", HubFixture.Fresh()), ("account_id", "acme"), ("amount", "1"), ("currency", "KES"),
            ("metadata", $"{{{new string(' ', length - 2)}}}"));
        var answer = await Hub.SendAsync(HttpMethod.Post, "/v1/payments", form);
        Assert.Equal((status, fields), (answer.Status, string.Join(' ', answer.Fields)));
    }

    [Theory]
    [InlineData("""{"psp":"nobody","psp_reference":"X","account_id":"acme","amount":"x","currency":"KES"}""", "amount psp")]
    [InlineData("""{"psp":"nobody","amount":"1.5","currency":"UGX","acount":"y"}""", "account_id acount amount psp psp_reference")]
    [InlineData("""{"psp":"nobody","psp":"nobody","psp_reference":"X","account_id":"acme","amount":"1","currency":"KES"}""", "psp")]
    [InlineData("""{"psp":"psp","psp_reference":"X","account_id":"acme","amount":"x","currency":"KES"}""", "amount")]
    public async Task A_PSP_that_nobody_knows_is_named_with_the_other_faults(string body, string fields)
    {
        var refused = await Hub.PostAsync("/v1/payments", body);
        Assert.Equal((422, "payment-malformed", fields), (refused.Status, refused.Text("code"), string.Join(' ', refused.Fields)));
    }

    [Fact]
    public async Task Another_PSP_than_the_keys_own_is_named_with_the_other_faults()
    {
        await Hub.AddAdapterAsync("own", "psp", "json");
        await Hub.AddPspAsync("elsewhere");
        using var adapter = fixture.Silo.As(await Hub.AddKeyAsync("adapter:own"));
        var refused = await adapter.PostAsync("/v1/payments", """{"psp":"elsewhere","psp_reference":"X","account_id":"acme","amount":"x","currency":"KES"}""");
        Assert.Equal((422, "amount psp"), (refused.Status, string.Join(' ', refused.Fields)));
        Assert.Contains("another PSP", refused.ToString(), StringComparison.Ordinal);
    }

    private static MultipartFormDataContent Parts(params (string Name, string Value)[] fields)
    {
        var form = new MultipartFormDataContent();
        foreach (var (name, value) in fields) form.Add(new StringContent(value, Encoding.UTF8, (MediaTypeHeaderValue?)null), name);
        return form;
    }
}
