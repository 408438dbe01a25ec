using Microsoft.Extensions.DependencyInjection;
using MoMo.Domain;
using MoMo.Silo.Api;
using MoMo.Tests.Support;

namespace MoMo.Tests.Questions;

/// <summary>Credentials that the hub can't open are its own trouble: questions wait for it to be mended, in everybody's sight, and none ends by it.</summary>
public sealed class ClosedCredentialsTests(AskingFixture fixture) : IClassFixture<AskingFixture>
{
    [Fact]
    public async Task Questions_wait_visibly_while_the_credentials_can_not_be_opened_and_go_on_with_new_ones()
    {
        var (adapter, _, _, reference) = await CloseAsync();
        Assert.Equal("degraded", (await fixture.Hub.GetAsync($"/v1/adapters/{adapter}")).Text("state"));
        Assert.Contains("key 'gone'", (await fixture.Hub.GetAsync($"/v1/adapters/{adapter}")).Text("state_detail"), StringComparison.Ordinal);

        // Its time is over while nobody can ask: it gets another day.
        await fixture.HurryAsync(adapter, reference, last: true);
        await fixture.UntilAsync(adapter, reference, one => one.GetProperty("until_at").GetDateTimeOffset() > TimeProvider.System.GetUtcNow().AddHours(23));
        Assert.Equal(1, await fixture.CountAsync($"status_questions WHERE adapter_id = '{adapter}' AND state = 'waiting' AND asks = 1"));
        Assert.Equal(0, await fixture.CountAsync($"kept_messages WHERE adapter_id = '{adapter}' AND why = 'status-given-up'"));

        // The old ones count for another day, but nobody needs them.
        var changed = await fixture.Hub.PutAsync($"/v1/adapters/{adapter}", new
        {
            name = adapter, psp = adapter, format = "mtn-momo", settings = AskingFixture.MtnSettings(fixture.Psp), credentials = AskingFixture.MtnCredentials,
        });
        Assert.True(changed.Status == 200, changed.ToString());
        await fixture.UntilAsync(adapter, reference, "found");
        await UpAsync(adapter);
    }

    [Fact]
    public async Task Questions_go_on_by_themselves_when_the_key_is_there_again()
    {
        var (adapter, _, key, reference) = await CloseAsync();
        var due = await Sql.AskAsync<DateTime>(
            fixture.Silo.Database.AppConnectionString, $"SELECT due_at FROM agenda WHERE kind = 'status-questions' AND key = '{adapter}'");
        Assert.True(due > TimeProvider.System.GetUtcNow().UtcDateTime, "It is asked again without a pause.");
        await SealAsync(adapter, "gone", key);
        // The pause is over.
        await Sql.DoAsync(fixture.Silo.Database.AppConnectionString, $"UPDATE agenda SET due_at = now() WHERE kind = 'status-questions' AND key = '{adapter}'");
        await fixture.UntilAsync(adapter, reference, "found");
        await UpAsync(adapter);
    }

    [Fact]
    public async Task What_rings_meanwhile_is_taken_and_asked_for_once_they_can_be_opened()
    {
        var (adapter, path, key, _) = await CloseAsync();
        var (reference, id) = (AskingFixture.Fresh(), AskingFixture.Fresh());
        fixture.Psp.Says(reference, AskingFixture.Mtn(id));
        // It calls once, and needs nothing but its address.
        await fixture.RingAsync(path, reference, AskingFixture.Mtn(id));
        Assert.Equal(1, await fixture.CountAsync($"status_questions WHERE adapter_id = '{adapter}' AND reference = '{reference}' AND state = 'waiting'"));
        await SealAsync(adapter, "gone", key);
        await fixture.HurryAsync(adapter, reference);
        await fixture.UntilAsync(adapter, reference, "found");
    }

    [Fact]
    public async Task Nobody_is_told_of_trouble_that_keeps_no_question_waiting()
    {
        var (adapter, path) = await fixture.AddMtnAsync();
        var (reference, id) = (AskingFixture.Fresh(), AskingFixture.Fresh());
        fixture.Psp.Says(reference, AskingFixture.Mtn(id, "PENDING"));
        await fixture.RingAsync(path, reference, AskingFixture.Mtn(id));
        await fixture.AskedAsync(adapter, reference, 1);
        var text = fixture.Silo.Database.AppConnectionString;
        await Sql.DoAsync(text, $"UPDATE status_questions SET due_at = now() + interval '1 hour' WHERE adapter_id = '{adapter}'");
        var key = await Sql.AskAsync<string>(text, $"SELECT split_part(sealed, ':', 2) FROM adapter_credentials WHERE adapter_id = '{adapter}' LIMIT 1");
        await SealAsync(adapter, key, "gone");
        var (directory, sources) = (fixture.Silo.Services.GetRequiredService<IDirectory>(), fixture.Silo.Services.GetRequiredService<CallbackSources>());
        await Eventually.TrueAsync(
            async () =>
            {
                sources.Of((await directory.FindAdapterAsync(adapter, CancellationToken.None))!, out var closed);
                return closed.Count > 0;
            },
            () => "the silo hears of it");

        // As when somebody changes its configuration: it is looked at, though nothing is due.
        var lease = await Sql.AskAsync<long>(text, $"SELECT lease FROM agenda WHERE kind = 'status-questions' AND key = '{adapter}'");
        await Sql.DoAsync(text, $"UPDATE agenda SET due_at = now() WHERE kind = 'status-questions' AND key = '{adapter}'");
        await Eventually.TrueAsync(
            async () => await fixture.CountAsync(
                $"agenda WHERE kind = 'status-questions' AND key = '{adapter}' AND lease > {lease} AND leased_until = '-infinity'") == 1,
            () => "it is looked at");
        Assert.NotEqual("degraded", (await fixture.Hub.GetAsync($"/v1/adapters/{adapter}")).Text("state"));
    }

    /// <summary>An adapter with a question that was pending, and whose credentials then can't be opened any more.</summary>
    private async Task<(string Adapter, string Path, string Key, string Reference)> CloseAsync()
    {
        var (adapter, path) = await fixture.AddMtnAsync();
        var (reference, id) = (AskingFixture.Fresh(), AskingFixture.Fresh());
        fixture.Psp.Says(reference, AskingFixture.Mtn(id, "PENDING"));
        await fixture.RingAsync(path, reference, AskingFixture.Mtn(id));
        await fixture.AskedAsync(adapter, reference, 1);
        fixture.Psp.Says(reference, AskingFixture.Mtn(id));
        var key = await Sql.AskAsync<string>(
            fixture.Silo.Database.AppConnectionString, $"SELECT split_part(sealed, ':', 2) FROM adapter_credentials WHERE adapter_id = '{adapter}' LIMIT 1");
        await SealAsync(adapter, key, "gone");
        await fixture.HurryAsync(adapter, reference);
        var held = await fixture.UntilAsync(
            adapter, reference, one => one.GetProperty("detail").GetString()!.StartsWith("The adapter's credentials can't be opened", StringComparison.Ordinal));
        Assert.Equal(("waiting", 1), (held.GetProperty("state").GetString(), held.GetProperty("asked").GetInt32()));
        await Eventually.TrueAsync(
            async () => await fixture.CountAsync(
                $"agenda g JOIN adapters a ON a.id = g.key WHERE g.kind = 'status-questions' AND g.key = '{adapter}' AND g.leased_until = '-infinity' AND a.state = 'degraded'") == 1,
            () => "it is not let go of");
        return (adapter, path, key, reference);
    }

    /// <summary>As if the credentials had been sealed with another key; all silos are told.</summary>
    private Task SealAsync(string adapter, string from, string to) => Sql.DoAsync(
        fixture.Silo.Database.AppConnectionString,
        $"""
        UPDATE adapter_credentials SET sealed = replace(sealed, 'v1:{from}:', 'v1:{to}:') WHERE adapter_id = '{adapter}';
        NOTIFY momo_changed, 'adapter:{adapter}';
        """);

    private Task UpAsync(string adapter) => Eventually.TrueAsync(
        async () => (await fixture.Hub.GetAsync($"/v1/adapters/{adapter}")).Text("state") == "up", () => "The adapter is still degraded.");
}
