using MoMo.Tests.Support;
using Npgsql;

namespace MoMo.Tests.Api;

/// <summary>Whoever guesses at the addresses that PSPs call learns nothing, and costs the database nothing.</summary>
public sealed class GuessedCallbackTests(HubFixture fixture) : IClassFixture<HubFixture>
{
    [Fact]
    public async Task A_guess_is_answered_without_a_query()
    {
        await AddAsync(fixture.Hub, "real");
        using var stranger = fixture.Silo.As(null);
        Assert.Equal(404, (await GuessAsync(stranger, "real")).Status);
        await using var connection = new NpgsqlConnection(fixture.Silo.Database.OwnerConnectionString);
        await connection.OpenAsync();
        // Nobody else can so much as read an adapter as long as this lasts.
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var alone = new NpgsqlCommand("LOCK TABLE adapters IN ACCESS EXCLUSIVE MODE", connection)) await alone.ExecuteNonQueryAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(number => GuessAsync(stranger, $"guess-{number}")));
        Assert.All(answers, answer => Assert.Equal(404, answer.Status));
        Assert.Equal(404, (await GuessAsync(stranger, "real")).Status);
    }

    [Fact]
    public async Task A_new_adapter_is_reached_at_once_where_it_was_made_and_soon_everywhere()
    {
        await using var other = await SiloHost.StartAsync(fixture.Silo.Database);
        using var here = fixture.Silo.As(null);
        using var there = other.As(null);
        for (var number = 0; number < 3; number++)
        {
            var id = $"new-{number}";
            Assert.Equal((404, 404), ((await GuessAsync(here, id)).Status, (await GuessAsync(there, id)).Status));
            var path = $"{await AddAsync(fixture.Hub, id)}/confirmation";
            Assert.NotEqual(404, (await here.PostAsync(path, "{}")).Status);
            await Eventually.TrueAsync(async () => (await there.PostAsync(path, "{}")).Status != 404, () => "The other silo does not know it.");
        }
    }

    private static Task<HubAnswer> GuessAsync(HubClient stranger, string adapter) =>
        stranger.PostAsync($"/v1/callbacks/{adapter}/{new string('x', 43)}/confirmation", "{}");

    private static async Task<string> AddAsync(HubClient hub, string id)
    {
        var made = await hub.PostAsync("/v1/adapters", new { id, name = id, psp = "psp", format = "mtn-momo" });
        Assert.True(made.Status == 201, made.ToString());
        return made.Text("callback_path")!;
    }
}
