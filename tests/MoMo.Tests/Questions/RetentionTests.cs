using MoMo.Tests.Support;

namespace MoMo.Tests.Questions;

/// <summary>Questions that ended long ago are forgotten; what proves anything is not.</summary>
public sealed class RetentionTests(AskingFixture fixture) : IClassFixture<AskingFixture>
{
    [Fact]
    public async Task What_ended_more_than_ninety_days_ago_goes_and_all_else_stays()
    {
        var (adapter, path) = await fixture.AddMtnAsync();
        var (old, recent, open) = (AskingFixture.Fresh(), AskingFixture.Fresh(), AskingFixture.Fresh());
        foreach (var reference in (string[])[old, recent, open])
        {
            fixture.Psp.Says(reference, AskingFixture.Mtn($"id-{reference}", reference == open ? "PENDING" : "SUCCESSFUL"));
            await fixture.RingAsync(path, reference, AskingFixture.Mtn($"id-{reference}"));
            await fixture.UntilAsync(adapter, reference, reference == open ? "waiting" : "found");
        }

        await fixture.AskedAsync(adapter, open, 1);
        var found = await fixture.UntilAsync(adapter, old, "found");
        await Sql.DoAsync(
            fixture.Silo.Database.AppConnectionString,
            $"""
            UPDATE status_questions SET ended_at = now() - interval '91 days' WHERE adapter_id = '{adapter}' AND reference = '{old}';
            UPDATE status_questions SET ended_at = now() - interval '89 days' WHERE adapter_id = '{adapter}' AND reference = '{recent}';
            UPDATE status_questions SET created_at = now() - interval '91 days' WHERE adapter_id = '{adapter}' AND reference = '{open}';
            INSERT INTO status_questions (id, adapter_id, reference, origin, state, created_at, rung_at, due_at, until_at, ended_at)
            SELECT gen_random_uuid(), '{adapter}', 'many' || place, 'doorbell', 'given_up', now(), now(), now(), now(), now() - interval '100 days'
            FROM generate_series(1, 2500) place;
            UPDATE agenda SET due_at = now() WHERE kind = 'question-retention';
            """);
        await Eventually.TrueAsync(async () => await fixture.CountAsync($"status_questions WHERE adapter_id = '{adapter}'") == 2, () => "They are still there.");
        Assert.Equal(2, await fixture.CountAsync($"status_questions WHERE adapter_id = '{adapter}' AND reference IN ('{recent}', '{open}')"));

        var proof = await fixture.Hub.GetAsync($"/v1/payments/{found.GetProperty("payment_id").GetString()}/proof");
        Assert.Equal(AskingFixture.Mtn($"id-{old}"), System.Text.Encoding.UTF8.GetString(proof.Bytes));
        Assert.Equal(3, await fixture.CountAsync($"kept_messages WHERE adapter_id = '{adapter}'"));
        // Whoever rings again asks again, and nothing is taken twice.
        await fixture.RingAsync(path, old, AskingFixture.Mtn($"id-{old}"));
        Assert.False((await fixture.UntilAsync(adapter, old, "found")).GetProperty("made").GetBoolean());
        Assert.Equal(2, await fixture.CountAsync($"payments WHERE psp_id = '{adapter}'"));
    }
}
