using System.Text;
using MoMo.Tests.Support;

namespace MoMo.Tests.Api;

/// <summary>An operator takes a payment from an account that it does not belong to, and gives it to another.</summary>
public sealed class UnlinkTests(HubFixture fixture) : IClassFixture<HubFixture>
{
    private HubClient Hub => fixture.Hub;

    [Fact]
    public async Task Both_accounts_are_told_and_neither_sees_the_other()
    {
        var reference = HubFixture.Fresh();
        var paid = await Hub.PostAsync(
            "/v1/payments", new { psp = "psp", pspReference = reference, accountId = "acme", referenceId = "INV-acme", amount = "12.50", currency = "KES" });
        var id = paid.Text("id")!;
        var done = await Hub.PostAsync($"/v1/payments/{id}/unlink", new { reason = "It was meant for Beta." });
        Assert.True(done.Status == 201, done.ToString());
        var rest = done.Text("id")!;
        Assert.Equal(("suspense", "12.50", reference, id), (
            done.Text("status"), done.Text("amount"), done.Text("psp_reference"), done.Json.GetProperty("stands_for").GetProperty("original_id").GetString()));
        var again = await Hub.PostAsync($"/v1/payments/{id}/unlink", new { reason = "Once more." });
        Assert.Equal((200, rest), (again.Status, again.Text("id")));
        var reversal = Guid.Parse(done.Json.GetProperty("stands_for").GetProperty("reversal_id").GetString()!);
        await fixture.Server.HasAsync(webhook => webhook.Payment == reversal && webhook.Type == "payment.reversed", "the reversal's webhook");

        Assert.Equal(201, (await Hub.PostAsync($"/v1/suspense/{rest}/assign", new { accountId = "beta", reason = "It is theirs." })).Status);
        var first = await Hub.GetAsync($"/v1/payments/{id}");
        Assert.Equal(("acme", "12.50", rest, "It was meant for Beta."), (
            first.Text("account_id"), first.Text("reversed"), first.Json.GetProperty("unlinked").GetProperty("payment_id").GetString(),
            first.Json.GetProperty("unlinked").GetProperty("reason").GetString()));

        using var acme = fixture.Silo.As(await Hub.AddKeyAsync("account:acme"));
        using var beta = fixture.Silo.As(await Hub.AddKeyAsync("account:beta"));
        Assert.Equal((200, 404), ((await acme.GetAsync($"/v1/payments/{id}")).Status, (await acme.GetAsync($"/v1/payments/{rest}")).Status));
        Assert.Equal((404, 200), ((await beta.GetAsync($"/v1/payments/{id}")).Status, (await beta.GetAsync($"/v1/payments/{rest}")).Status));
        foreach (var (key, own, other) in new[] { (acme, id, "beta"), (beta, rest, "acme") })
        {
            var seen = await key.GetAsync($"/v1/payments/{own}");
            Assert.DoesNotContain($"\"{other}\"", Encoding.UTF8.GetString(seen.Bytes), StringComparison.OrdinalIgnoreCase);
            Assert.Equal(own == id ? "INV-acme" : null, seen.Text("reference_id"));
            Assert.False(seen.Json.TryGetProperty("unlinked", out _) || seen.Json.TryGetProperty("stands_for", out _));
            var found = Assert.Single((await key.GetAsync($"/v1/payments?psp=psp&psp_reference={reference}")).Json.GetProperty("items").EnumerateArray());
            Assert.Equal(own, found.GetProperty("id").GetString());
            var guessed = (await key.GetAsync("/v1/payments?account_id=" + (own == id ? "acme" : "beta") + "&reference_id=INV-acme")).Json.GetProperty("items");
            Assert.Equal(own == id ? 1 : 0, guessed.GetArrayLength());
            Assert.Equal(403, (await key.PostAsync($"/v1/payments/{own}/unlink", new { reason = "It is mine." })).Status);
            // What the sender wrote names whom it came to first.
            Assert.Equal(own == id ? 200 : 404, (await key.GetAsync($"/v1/payments/{own}/proof")).Status);
        }

        var back = (await Hub.GetAsync($"/v1/reversals/{reversal}")).Json;
        Assert.Equal(("operator", $"unlink:{id}"), (back.GetProperty("by").GetString(), back.GetProperty("psp_reference").GetString()));

        // The repeat leads to what stands for it now, however often it was moved.
        var moved = await Hub.PostAsync($"/v1/payments/{rest}/unlink", new { reason = "Not theirs either." });
        var now = await Hub.PostAsync($"/v1/payments/{id}/unlink", new { reason = "Once more." });
        Assert.Equal((200, moved.Text("id"), "suspense"), (now.Status, now.Text("id"), now.Text("status")));
        Assert.True((await Hub.PostAsync("/v1/verify", "")).Json.GetProperty("ok").GetBoolean());
    }

    [Fact]
    public async Task What_cannot_be_unlinked_says_why()
    {
        var lost = (await Hub.PayAsync("psp", HubFixture.Fresh(), "nobody")).Text("id")!;
        var owned = (await Hub.PayAsync("psp", HubFixture.Fresh(), "acme")).Text("id")!;
        Assert.Equal((409, "payment-in-suspense"), await UnlinkAsync(lost, "Why not?"));
        Assert.Equal((422, "unlinking-malformed"), await UnlinkAsync(owned, "."));
        Assert.Equal((404, "payment-unknown"), await UnlinkAsync("01a1fb98-0000-7000-8000-000000000000", "It is lost."));
        Assert.Equal((404, "payment-unknown"), await UnlinkAsync("what", "It is lost."));
        Assert.Equal("accepted", (await Hub.GetAsync($"/v1/payments/{owned}")).Text("status"));
    }

    private async Task<(int Status, string? Code)> UnlinkAsync(string id, string reason)
    {
        var answer = await Hub.PostAsync($"/v1/payments/{id}/unlink", new { reason });
        return (answer.Status, answer.Text("code"));
    }
}
