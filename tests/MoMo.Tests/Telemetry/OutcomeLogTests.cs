using System.Text.Json;
using MoMo.Tests.Support;
using Xunit.Abstractions;

namespace MoMo.Tests.Telemetry;

/// <summary>A real silo's log tells of each delivery that came to its end, as configuration wants it.</summary>
public sealed class OutcomeLogTests(ITestOutputHelper output)
{
    private const string Category = "MoMo.Deliveries.Outcome";

    [Fact]
    public async Task Each_arrival_is_a_line_of_JSON_unless_the_category_is_turned_down()
    {
        var database = await PostgresFixture.CreateDatabaseAsync();
        using var data = new TestFolder();
        await using var server = await AccountServer.StartAsync();
        await using (var telling = new SiloProcess(output, data.Path, database, ("MoMo:Log", "json")))
        {
            await telling.StartAsync();
            await telling.Hub.AddPspAsync("psp");
            await telling.Hub.AddAccountAsync("acme");
            await telling.Hub.AddWebhookAsync("acme", server);
            var paid = await telling.Hub.PayAsync("psp", "R1", "acme");
            Assert.Equal(201, paid.Status);
            await Eventually.TrueAsync(() => Lines(telling.Log).Length == 1, () => telling.Log);
            var line = JsonElement.Parse(Lines(telling.Log)[0]);
            var state = line.GetProperty("State");
            Assert.Equal(("Information", "acme", 1, 200), (line.GetProperty("LogLevel").GetString(), state.GetProperty("Account").GetString(),
                state.GetProperty("Attempts").GetInt32(), state.GetProperty("Status").GetInt32()));
            Assert.Equal(("hook", paid.Text("id")), (state.GetProperty("Destination").GetString(), state.GetProperty("Payment").GetString()));
            Assert.Equal(server.Received.Single().Id, state.GetProperty("Delivery").GetString());
        }

        await using var quiet = new SiloProcess(output, data.Path, database, ($"Logging:LogLevel:{Category}", "Warning"));
        await quiet.StartAsync();
        Assert.Equal(201, (await quiet.Hub.PayAsync("psp", "R2", "acme")).Status);
        await Eventually.TrueAsync(
            async () => (await quiet.Hub.GetAsync("/v1/deliveries?account_id=acme&state=delivered")).Json.GetProperty("items").GetArrayLength() == 2, () => quiet.Log);
        await quiet.TerminateAsync();
        Assert.Equal(0, await quiet.ExitAsync()); // and with it all that it had to say is written
        Assert.Empty(Lines(quiet.Log));
    }

    private static string[] Lines(string log) => [.. log.Split('\n').Where(line => line.Contains(Category, StringComparison.Ordinal))];
}
