using System.Net.Http.Headers;
using System.Text;
using MoMo.Engine;
using MoMo.Silo.Api;
using MoMo.Tests.Support;

namespace MoMo.Tests.Api;

public sealed class ProblemTests(ManagementHost host) : IClassFixture<ManagementHost>
{
    [Theory]
    [InlineData("payment-differs", "amount", 409)]
    [InlineData("payment-not-in-suspense", null, 409)]
    [InlineData("psp-unknown", null, 404)]
    [InlineData("psp-unknown", "psp", 422)]
    [InlineData("amount-too-fine", "amount", 422)]
    [InlineData("etag-mismatch", null, 412)]
    [InlineData("body-too-large", null, 413)]
    [InlineData("busy", null, 503)]
    public void A_code_is_always_the_same_status(string code, string? field, int status) =>
        Assert.Equal(status, Problems.StatusOf(field is null ? new Refusal(code, "Why.") : Refusal.Of(field, code, "Why.")));

    [Fact]
    public void Several_faults_of_one_field_are_all_told()
    {
        var refusal = new Refusal("fields-invalid", "Look.", [new("a", "x", "One."), new("b", "y", "Two."), new("a", "z", "Three.")]);
        var view = Problems.View(refusal, 422);
        Assert.Equal(["One.", "Three."], view.Errors!["a"]);
        Assert.Equal(["Two."], view.Errors["b"]);
    }

    [Fact]
    public async Task A_problem_repeats_no_endless_address()
    {
        var refused = (await host.AsAdminAsync("GET", $"/v1/psps/{new string('a', 7_000)}")).MustBe(404, "psp-unknown");
        Assert.InRange(refused.Field("detail")!.Length, 1, 1_001);
    }

    [Fact]
    public async Task What_the_framework_refuses_is_a_problem_too()
    {
        (await host.AsAdminAsync("GET", "/v1/nothing")).MustBe(404, "route-unknown");
        (await host.AsAdminAsync("PATCH", "/v1/psps")).MustBe(405, "method-not-allowed");
        (await host.AsAdminAsync("POST", "/v1/psps", "{\"id\":")).MustBe(400, "malformed-json");
        (await host.AsAdminAsync("POST", "/v1/psps", "null")).MustBe(400, "malformed-json");
        (await host.AsAdminAsync("POST", "/v1/psps", """{"id":"a","id":"b","name":"n"}""")).MustBe(422, "duplicate");
        (await host.AsAdminAsync("POST", "/v1/psps", $$"""{"id":"a","name":"{{new string('n', 300_000)}}"}""")).MustBe(413, "body-too-large");
        using var xml = new StringContent("<psp/>", Encoding.UTF8, new MediaTypeHeaderValue("application/xml"));
        (await Answered.ReadAsync(await host.Admin.PostAsync("/v1/psps", xml))).MustBe(415, "media-type-unsupported");
        using var bare = new ByteArrayContent("{}"u8.ToArray());
        (await Answered.ReadAsync(await host.Admin.PostAsync("/v1/psps", bare))).MustBe(415, "media-type-unsupported");
    }

    [Fact]
    public async Task A_busy_hub_and_a_missing_database_say_when_to_ask_again()
    {
        var busy = (await host.AsAdminAsync("GET", "/broken/busy")).MustBe(503, "busy");
        Assert.Equal("2", busy.Message.Headers.RetryAfter!.ToString());
        var away = (await host.AsAdminAsync("GET", "/broken/database")).MustBe(503, "database-away");
        Assert.Equal("1", away.Message.Headers.RetryAfter!.ToString());
    }

    [Fact]
    public async Task A_fault_of_the_hub_tells_nothing_of_its_inside()
    {
        var fault = (await host.AsAdminAsync("GET", "/broken/else")).MustBe(500, "internal");
        Assert.DoesNotContain("secret", fault.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/psps/a%00b")]
    [InlineData("/v1/accounts/a%00b")]
    [InlineData("/v1/keys/%EF%BF%BE")]
    public async Task Strange_addresses_are_refused_and_break_nothing(string path) =>
        Assert.InRange((int)(await host.AsAdminAsync("GET", path)).Status, 400, 404);
}
