using System.Text.Json;
using Microsoft.AspNetCore.Http;
using MoMo.Tests.Support;
using Xunit.Abstractions;

namespace MoMo.Tests.Questions;

/// <summary>Silos share the questions, one that dies while it asks loses none, and none of them tells a secret.</summary>
public sealed class SeveralSilosTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_silo_that_is_killed_while_it_asks_loses_nothing()
    {
        using var folder = new TestFolder();
        await using var psp = await AskedPsp.StartAsync();
        var database = await PostgresFixture.CreateDatabaseAsync();
        await using var silo = new SiloProcess(output, folder.Path, database, ("Logging:LogLevel:Default", "Debug"));
        await silo.StartAsync();
        await silo.Hub.AddAccountAsync("acme");
        var (adapter, path) = await AskingFixture.AddAsync(silo.Hub, "mtn-momo", AskingFixture.MtnSettings(psp), AskingFixture.MtnCredentials);
        var (reference, id) = (AskingFixture.Fresh(), AskingFixture.Fresh());
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        psp.Answers[reference] = async http =>
        {
            asked.TrySetResult();
            // Until the one that asks is dead.
            await Task.Delay(Timeout.Infinite, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return Results.Empty;
        };
        using (var stranger = new HubClient(silo.Hub.Url, null)) Assert.Equal(200, (await stranger.PutAsync($"{path}/{reference}", AskingFixture.Mtn(id))).Status);
        await asked.Task;
        await silo.KillAsync();
        Assert.DoesNotContain("s3cret", silo.Log, StringComparison.Ordinal);
        psp.Says(reference, AskingFixture.Mtn(id));

        await silo.StartAsync();
        // The lease of the dead silo ends by itself.
        var question = await AskingFixture.UntilAsync(silo.Hub, adapter, reference, one => one.GetProperty("state").GetString() == "found");
        Assert.Equal(id, (await silo.Hub.GetAsync($"/v1/payments/{question.GetProperty("payment_id").GetString()}")).Text("psp_reference"));
        Assert.Equal(1, await Sql.AskAsync<long>(database.AppConnectionString, "SELECT count(*) FROM payments"));
        Assert.DoesNotContain("s3cret", silo.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", (await silo.Hub.GetAsync("/v1/adapters")).ToString(), StringComparison.Ordinal);
        await JournalHost.AssertLawfulAsync(database);
    }

    [Fact]
    public async Task Two_silos_ask_each_question_once()
    {
        const int Count = 60;
        using var folder = new TestFolder();
        await using var psp = await AskedPsp.StartAsync();
        var database = await PostgresFixture.CreateDatabaseAsync();
        await using var one = new SiloProcess(output, folder.Path, database);
        await using var other = new SiloProcess(output, folder.Path, database);
        await one.StartAsync();
        await other.StartAsync();
        await one.Hub.AddAccountAsync("acme");
        List<(string Id, string Path)> adapters = [];
        for (var made = 0; made < 3; made++)
            adapters.Add(await AskingFixture.AddAsync(one.Hub, "mtn-momo", AskingFixture.MtnSettings(psp), AskingFixture.MtnCredentials));
        var references = Enumerable.Range(0, Count).Select(_ => AskingFixture.Fresh()).ToArray();
        foreach (var reference in references) psp.Says(reference, AskingFixture.Mtn($"id-{reference}"));

        using var first = new HubClient(one.Hub.Url, null);
        using var second = new HubClient(other.Hub.Url, null);
        await Task.WhenAll(references.Select(async (reference, place) =>
        {
            var answer = await (place % 2 == 0 ? first : second).PutAsync($"{adapters[place % 3].Path}/{reference}", AskingFixture.Mtn($"id-{reference}"));
            Assert.True(answer.Status == 200, answer.ToString());
        }));
        JsonElement[] counts = [];
        await Eventually.TrueAsync(
            async () =>
            {
                counts = await Task.WhenAll(adapters.Select(async adapter => (await one.Hub.GetAsync($"/v1/adapters/{adapter.Id}/status-questions/counts")).Json));
                return counts.Sum(count => count.GetProperty("found").GetInt32()) == Count;
            },
            () => string.Join(' ', counts));
        Assert.Equal(Count, await Sql.AskAsync<long>(database.AppConnectionString, "SELECT count(*) FROM payments"));
        Assert.All(references, reference => Assert.Equal(1, psp.CountOf(reference)));
        Assert.Equal(0, await Sql.AskAsync<long>(database.AppConnectionString, "SELECT count(*) FROM status_questions WHERE asks <> 1 OR NOT made"));
        await JournalHost.AssertLawfulAsync(database);
    }
}
