using MoMo.Tests.Support;

namespace MoMo.Tests.Hosting;

/// <summary>Where a request came from is what the connection says, unless it came through a proxy that was named.</summary>
public sealed class ProxyTests
{
    private const string Psps = "192.0.2.1";

    [Theory]
    [InlineData(null, Psps, false)]
    [InlineData("192.0.2.77", Psps, false)]
    [InlineData("127.0.0.1", Psps, true)]
    [InlineData("127.0.0.0/8", Psps, true)]
    [InlineData("127.0.0.1", "192.0.2.9", false)]
    [InlineData("127.0.0.1", "192.0.2.1, 192.0.2.9", false)] // what the proxy itself heard comes last; what comes before anybody may write
    [InlineData("127.0.0.1", null, false)]
    [InlineData("127.0.0.1,192.0.2.8/31", "192.0.2.1, 192.0.2.9", true)]
    [InlineData("127.0.0.1,192.0.2.8/31", "192.0.2.1, 192.0.2.8, 192.0.2.9", true)]
    [InlineData("127.0.0.1,192.0.2.8/31", "192.0.2.1, 192.0.2.66, 192.0.2.9", false)] // one that nobody named may write what it likes
    [InlineData("127.0.0.1,192.0.2.8/31", "192.0.2.66, 192.0.2.9", false)]
    public async Task Only_known_proxies_are_believed_who_called(string? proxies, string? forwarded, bool letIn)
    {
        await using var silo = await SiloHost.StartAsync(null, [.. (proxies?.Split(',') ?? []).Select((proxy, place) => ($"MoMo:KnownProxies:{place}", proxy))]);
        await silo.Hub.AddPspAsync("psp");
        var adapter = await silo.Hub.AddAdapterAsync("c2b", "psp", "mpesa-c2b", new { addresses = new[] { Psps } });
        using var anyone = silo.As(null);
        if (forwarded is not null) anyone.Http.DefaultRequestHeaders.TryAddWithoutValidation("X-Forwarded-For", forwarded);
        var answer = await anyone.PostAsync($"{adapter.GetProperty("callback_path").GetString()}/confirmation", "{}");
        Assert.True(answer.Status == (letIn ? 200 : 404), answer.ToString());
    }
}
