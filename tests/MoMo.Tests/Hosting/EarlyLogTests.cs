using System.Globalization;
using System.Runtime.Versioning;
using System.Text.Json;
using MoMo.Tests.Support;
using Xunit.Abstractions;

namespace MoMo.Tests.Hosting;

/// <summary>What is logged by parts that are older than the host looks like the rest of the log.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class EarlyLogTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("")]
    [InlineData("json")]
    public async Task The_lines_of_the_private_cluster_are_as_all_others(string form)
    {
        using var folder = new TestFolder();
        await using var silo = new SiloProcess(output, folder.Path, null, ("MoMo:Log", form), ("MoMo:Database:SharedBuffersMegabytes", "32"));
        await silo.StartAsync();
        var server = (await File.ReadAllLinesAsync(Path.Combine(folder.Path, "postgres", "data", "postmaster.pid")))[0];
        await SiloProcess.SignalAsync(int.Parse(server, CultureInfo.InvariantCulture), "KILL");

        string? line = null;
        await Eventually.TrueAsync(
            () => (line = silo.Log.Split('\n').FirstOrDefault(one => one.Contains("PostgreSQL runs again", StringComparison.Ordinal))) is not null, () => silo.Log);
        if (form.Length == 0) Assert.Matches(@"^\d\d:\d\d:\d\d warn: MoMo\.Storage\.Cluster\.PrivateCluster\[0\] PostgreSQL runs again", line);
        else Assert.Equal("MoMo.Storage.Cluster.PrivateCluster", JsonElement.Parse(line!).GetProperty("Category").GetString());
    }
}
