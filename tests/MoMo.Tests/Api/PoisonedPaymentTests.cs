using MoMo.Tests.Support;

namespace MoMo.Tests.Api;

public sealed class PoisonedPaymentTests(HubFixture fixture) : IClassFixture<HubFixture>
{
    [Fact]
    public async Task What_the_hub_itself_can_not_record_is_kept_all_the_same()
    {
        await Sql.DoAsync(
            fixture.Silo.Database.OwnerConnectionString,
            """
            CREATE FUNCTION refuse_it() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE check_violation USING MESSAGE = 'as if a rule of ours were wrong'; END $$;
            CREATE TRIGGER refuse_it BEFORE INSERT ON payments FOR EACH ROW WHEN (new.psp_reference = 'POISON') EXECUTE FUNCTION refuse_it();
            """);
        const string body = """{"psp":"psp","psp_reference":"POISON","amount":"1.00","currency":"KES","account_id":"acme"}""";
        var answer = await fixture.Hub.PostAsync("/v1/payments", body);
        Assert.Equal((500, "internal"), (answer.Status, answer.Text("code")));
        var message = Assert.Single((await fixture.Hub.GetAsync("/v1/messages?why=internal")).Json.GetProperty("items").EnumerateArray());
        var content = await fixture.Hub.GetAsync($"/v1/messages/{message.GetProperty("id").GetString()}/content");
        Assert.Equal(body, System.Text.Encoding.UTF8.GetString(content.Bytes));
    }
}
