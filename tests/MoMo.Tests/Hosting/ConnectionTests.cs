using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using MoMo.Engine;
using MoMo.Silo.Hosting;

namespace MoMo.Tests.Hosting;

/// <summary>The turns of both journals leave connections for everything else, or the silo does not start.</summary>
public sealed class ConnectionTests
{
    [Theory]
    [InlineData(2, 3, 13, true)]
    [InlineData(2, 3, 12, false)]
    [InlineData(4, 4, 32, false)]
    [InlineData(4, 4, 33, true)]
    public void What_both_journals_keep_must_leave_some(int lines, int writers, int connections, bool starts)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["MoMo:Journal:Lines"] = lines.ToString(CultureInfo.InvariantCulture),
            ["MoMo:Journal:WritersMax"] = writers.ToString(CultureInfo.InvariantCulture),
        }).Build());
        services.Configure<HubOptions>(options => options.ConnectionsMax = connections);
        services.AddHub("Host=nowhere", "nowhere");
        using var provider = services.BuildServiceProvider();
        var options = provider.GetRequiredService<IOptions<JournalOptions>>();
        if (starts) Assert.Equal(lines, options.Value.Lines);
        else Assert.Contains("payments and of attempts", Assert.Throws<OptionsValidationException>(() => options.Value).Message, StringComparison.Ordinal);
    }
}
