using Microsoft.Extensions.DependencyInjection;
using MoMo.Storage.Catalog;
using MoMo.Tests.Support;
using Npgsql;

namespace MoMo.Tests.Questions;

/// <summary>An adapter is read as it is at one moment: its settings of before and its credentials of after are no pair.</summary>
public sealed class AdapterSnapshotTests(AskingFixture fixture) : IClassFixture<AskingFixture>
{
    [Fact]
    public async Task Credentials_that_come_with_a_new_server_are_not_read_with_the_old_one()
    {
        var (adapter, _) = await fixture.AddMtnAsync();
        var text = fixture.Silo.Database.OwnerConnectionString;
        Task<Domain.Adapters.Adapter?> reading;
        await using (var connection = await Sql.OpenAsync(text))
        await using (var change = await connection.BeginTransactionAsync())
        {
            await RunAsync("LOCK TABLE adapter_credentials IN ACCESS EXCLUSIVE MODE");
            var directory = ActivatorUtilities.CreateInstance<HubDirectory>(fixture.Silo.Services);
            reading = directory.FindAdapterAsync(adapter, CancellationToken.None).AsTask();
            await Eventually.TrueAsync(
                async () => await Sql.AskAsync<long>(text, $"SELECT count(*) {HeldLock.Waiting("adapter_credentials")}") > 0, () => "nobody reads");
            await RunAsync($$"""UPDATE adapters SET settings = jsonb_set(settings::jsonb, '{status_url}', '"https://new.example/{reference}"')::text WHERE id = '{{adapter}}'""");
            await RunAsync($"UPDATE adapter_credentials SET sealed = 'of the new server' WHERE adapter_id = '{adapter}'");
            await change.CommitAsync();

            async Task RunAsync(string statement)
            {
                await using var command = new NpgsqlCommand(statement, connection, change);
                await command.ExecuteNonQueryAsync();
            }
        }

        var read = (await reading)!;
        var isNew = read.Settings.GetProperty("status_url").GetString()!.Contains("new.example", StringComparison.Ordinal);
        Assert.NotEmpty(read.Credentials);
        Assert.All(read.Credentials, one => Assert.Equal(isNew, one.Sealed == "of the new server"));
    }
}
