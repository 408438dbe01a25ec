using MoMo.Tests.Support;
using Xunit.Abstractions;

namespace MoMo.Tests.Hosting;

public sealed class SettingsTests(ITestOutputHelper output)
{
    [Fact]
    public async Task The_file_where_the_hub_is_started_is_read_and_the_environment_wins()
    {
        using var folder = new TestFolder();
        var database = await PostgresFixture.CreateDatabaseAsync();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "appsettings.json"), """{"MoMo":{"Journal":{"QueueMax":-1}}}""");

        await using (var misled = new SiloProcess(output, folder.Path, database))
        {
            _ = misled.Begin();
            Assert.NotEqual(0, await misled.ExitAsync());
            Assert.Contains("QueueMax", misled.Log, StringComparison.Ordinal);
        }

        await using var silo = new SiloProcess(output, folder.Path, database, ("MoMo:Journal:QueueMax", "1000"));
        await silo.StartAsync();
        Assert.Equal(200, (await silo.Hub.GetAsync("/health/ready")).Status);
    }
}
