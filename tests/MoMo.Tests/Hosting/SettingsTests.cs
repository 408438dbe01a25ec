using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using MoMo.Silo.Hosting;
using MoMo.Tests.Support;
using Xunit.Abstractions;

namespace MoMo.Tests.Hosting;

public sealed class SettingsTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("Production", 422)]
    [InlineData("Staging", 422)]
    [InlineData("Development", 201)]
    public async Task Only_https_is_called_unless_the_hub_is_one_of_developers(string environment, int status)
    {
        await using var silo = await SiloHost.StartAsync(null, ("MoMo:Webhooks:RequireHttps", ""), ("environment", environment));
        await silo.Hub.AddAccountAsync("a0");
        var made = await silo.Hub.PostAsync("/v1/accounts/a0/destinations", new { id = "hook", url = "http://a.example/hook" });
        Assert.True(made.Status == status, made.ToString());
        if (status == 422) Assert.Equal("url-not-https", made.Text("code"));
        Assert.Equal(201, (await silo.Hub.PostAsync("/v1/accounts/a0/destinations", new { id = "safe", url = "https://a.example/hook" })).Status);
    }

    [Theory]
    [InlineData("Production", "token_url url")]
    [InlineData("Development", "")]
    public async Task Only_https_is_polled_unless_the_hub_is_one_of_developers(string environment, string refused)
    {
        await using var silo = await SiloHost.StartAsync(null, ("MoMo:Webhooks:RequireHttps", ""), ("environment", environment));
        await silo.Hub.AddPspAsync("p");
        await silo.Hub.AddAdapterAsync("a", "p", "json-list");
        object Channel(string scheme) => new
        {
            kind = "poll", settings = new { url = $"{scheme}://a.example/{{from}}/{{to}}", auth = "oauth", token_url = $"{scheme}://t.example/token" },
        };
        var set = await silo.Hub.PutAsync("/v1/adapters/a/channel", Channel("http"));
        Assert.Equal((refused.Length > 0 ? 422 : 200, refused), (set.Status, string.Join(' ', set.Fields.Order(StringComparer.Ordinal))));
        if (refused.Length > 0) Assert.Equal(2, set.ToString().Split("This hub only calls https URLs.").Length - 1);
        Assert.Equal(200, (await silo.Hub.PutAsync("/v1/adapters/a/channel", Channel("https"))).Status);
    }

    [Theory]
    [InlineData("MoMo:Database:ConectionString", " Did you mean MoMo:Database:ConnectionString?")]
    [InlineData("MoMo:Journal:QueueMaximum", " Did you mean MoMo:Journal:QueueMax?")]
    [InlineData("MoMo:KnownProxies", null)]
    [InlineData("MoMo:Nothing:Like:This", "")]
    [InlineData("MoMo:KnownProxies:1", "fine")]
    [InlineData("MoMo:Database:Settings:work_mem", "fine")]
    [InlineData("Logging:LogLevel:Anything", "fine")]
    public void A_mistyped_setting_is_refused_wherever_it_was_made(string name, string? hint)
    {
        var given = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { [name] = "x" }).Build();
        if (hint == "fine")
        {
            KnownSettings.Require(given);
            return;
        }

        var refused = Assert.Throws<StartException>(() => KnownSettings.Require(given));
        Assert.StartsWith($"The hub has no setting '{name}'.{hint}", refused.Message, StringComparison.Ordinal);
        Assert.Equal(2, refused.ExitCode);
    }

    [Fact]
    public void What_says_nothing_and_what_is_of_others_is_no_mistake()
    {
        using var file = new MemoryStream("""{"MoMo":{"KnownProxies":[],"Webhooks":{"AllowedNetworks":{}}},"Kestrel":{"Limits":{"x":"1"}}}"""u8.ToArray());
        var given = new ConfigurationBuilder().AddJsonStream(file)
            .AddInMemoryCollection(new Dictionary<string, string?> { ["MoMo"] = "somebody's", ["MoMo:SecretKeys"] = "", ["MOMO_URL"] = "x" }).Build();
        KnownSettings.Require(given);
    }

    [Fact]
    public async Task Connections_and_what_comes_through_them_have_limits()
    {
        await using var silo = await SiloHost.StartAsync();
        var limits = silo.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits;
        Assert.NotNull(limits.MaxConcurrentConnections);
        Assert.NotNull(limits.MaxRequestBodySize);
        Assert.InRange(limits.RequestHeadersTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));
    }

    [Theory]
    [InlineData("", ConsoleLoggerQueueFullMode.DropWrite)]
    [InlineData("json", ConsoleLoggerQueueFullMode.DropWrite)]
    [InlineData("json", ConsoleLoggerQueueFullMode.Wait, "Wait")]
    public async Task Nobody_waits_for_a_console_that_is_not_read_unless_it_is_wanted_so(string form, ConsoleLoggerQueueFullMode expected, string? wanted = null)
    {
        (string, string)[] settings = wanted is null ? [("MoMo:Log", form)] : [("MoMo:Log", form), ("Logging:Console:QueueFullMode", wanted)];
        await using var silo = await SiloHost.StartAsync(null, settings);
        Assert.Equal(expected, silo.Services.GetRequiredService<IOptions<ConsoleLoggerOptions>>().Value.QueueFullMode);
    }

    [Theory]
    [InlineData("10.0.0.300")]
    [InlineData("10.0.0.0/33")]
    [InlineData("proxy.example")]
    public async Task A_proxy_that_is_no_address_is_told_in_a_sentence(string proxy)
    {
        using var folder = new TestFolder();
        await using var misled = new SiloProcess(output, folder.Path, await PostgresFixture.CreateEmptyDatabaseAsync(), ("MoMo:KnownProxies:0", proxy));
        _ = misled.Begin();
        Assert.Equal(2, await misled.ExitAsync());
        Assert.Contains($"'{proxy}' is neither an address nor a network", misled.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", misled.Log, StringComparison.Ordinal); // no stack trace
    }

    [Fact]
    public async Task The_file_where_the_hub_is_started_is_read_and_the_environment_wins()
    {
        using var folder = new TestFolder();
        var database = await PostgresFixture.CreateEmptyDatabaseAsync();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "appsettings.json"), """{"MoMo":{"Journal":{"QueueMax":-1}}}""");

        await using (var misled = new SiloProcess(output, folder.Path, database))
        {
            _ = misled.Begin();
            Assert.Equal(2, await misled.ExitAsync());
            Assert.Contains("momo: MoMo:Journal:QueueMax: The field QueueMax must be between 1 and 1000000.", misled.Log, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", misled.Log, StringComparison.Ordinal); // no stack trace
        }

        await using var silo = new SiloProcess(output, folder.Path, database, ("MoMo:Journal:QueueMax", "1000"));
        await silo.StartAsync();
        Assert.Equal(200, (await silo.Hub.GetAsync("/health/ready")).Status);
    }
}
