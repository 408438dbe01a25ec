using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using MoMo.Domain.Channels;
using MoMo.Edge.Channels;
using MoMo.Edge.Channels.Poll;
using MoMo.Silo.Channels;
using MoMo.Storage;
using MoMo.Tests.Support;

namespace MoMo.Tests.Channels;

/// <summary>A web API that never comes to an end takes a channel a limited time, and no other one's place for ever.</summary>
public sealed class PollLimitsTests
{
    private static readonly TimeSpan LookTimeout = TimeSpan.FromMinutes(10);

    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 3, 14, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task An_answer_that_drips_for_ever_is_given_up_although_it_is_never_silent()
    {
        await using var api = await PolledApi.StartAsync();
        api.Instead = _ => Results.Stream(DripAsync, "application/json");
        await using var channel = await OpenAsync(api, "/tx?from={from}&to={to}", answer: TimeSpan.FromSeconds(0.5));
        var failed = await Assert.ThrowsAsync<ChannelException>(() => ReadAsync(channel));
        Assert.Equal("The server was too slow: an answer has 0.5 s to come to its end: ask for smaller pages or a shorter window.", failed.Message);
    }

    [Fact]
    public async Task Pages_without_end_are_no_longer_asked_for_when_their_time_is_over()
    {
        await using var api = await PolledApi.StartAsync();
        var asked = 0;
        // Each takes a minute.
        api.Instead = _ =>
        {
            clock.Advance(TimeSpan.FromMinutes(1));
            return Results.Json(new { paging = new { next = (++asked).ToString(CultureInfo.InvariantCulture) } });
        };
        await using (var channel = await OpenAsync(api, "/tx?from={from}&to={to}&cursor={cursor}"))
        {
            var failed = await Assert.ThrowsAsync<ChannelException>(() => ReadAsync(channel));
            Assert.Contains("pages for more than 600 s", failed.Message, StringComparison.Ordinal);
            Assert.Contains("window_hours", failed.Message, StringComparison.Ordinal);
        }

        Assert.Equal(11, asked);
    }

    [Fact]
    public async Task By_cursor_the_next_look_goes_on_where_the_time_was_over()
    {
        await using var api = await PolledApi.StartAsync();
        for (var one = 0; one < 50; one++) api.Transactions[$"{one:00}"] = clock.GetUtcNow();
        api.Before = _ =>
        {
            clock.Advance(TimeSpan.FromMinutes(1));
            return Task.CompletedTask;
        };
        await using var channel = await OpenAsync(api, "/log?after={cursor}");
        Assert.Equal(11, await ReadAsync(channel));
        Assert.Equal("22", channel.Position);
        Assert.Equal(11, await ReadAsync(channel));
        Assert.Equal("44", channel.Position);
    }

    [Fact]
    public async Task A_look_begins_nothing_more_when_its_time_is_over_and_the_next_one_goes_on()
    {
        await using var api = await PolledApi.StartAsync();
        await using var silo = await SiloHost.StartAsync(null, ("MoMo:Channels:AllowedNetworks:0", "127.0.0.0/8"));
        await silo.Hub.AddPspAsync("p");
        await silo.Hub.AddAdapterAsync("a", "p", "json-list", new { items = "data" });
        var asked = 0;
        api.Before = _ =>
        {
            Interlocked.Increment(ref asked);
            return Task.CompletedTask;
        };
        api.Instead = _ => Results.Json(new { data = Array.Empty<object>() });
        var settings = new { url = $"{api.Url}/tx?from={{from}}&to={{to}}", window_hours = 1, interval_seconds = 3_600 };
        Assert.Equal(200, (await silo.Hub.PutAsync("/v1/adapters/a/channel", new { kind = "poll", settings })).Status);
        await UntilAsync(silo, channel => channel.GetProperty("state").GetString() == "working");

        // Six hours later there are as many stretches; one answer now takes longer than a look has. The silo's own looks are over for an hour.
        var later = new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddHours(6));
        var options = new ChannelOptions();
        options.AllowedNetworks.Add("127.0.0.0/8");
        api.Before = _ =>
        {
            Interlocked.Increment(ref asked);
            later.Advance(options.LookTimeout + TimeSpan.FromMinutes(1));
            return Task.CompletedTask;
        };
        var kinds = ActivatorUtilities.CreateInstance<ChannelKinds>(
            silo.Services, new[] { new PollKind(new Dialer(options), requireHttps: false, later) }.AsEnumerable<IChannelKind>());
        var look = ActivatorUtilities.CreateInstance<ChannelLook>(silo.Services, kinds, later);
        HashSet<string> positions = [];
        for (var number = 1; number <= 3; number++)
        {
            asked = 0;
            var claimed = await silo.Services.GetRequiredService<Agenda>()
                .ClaimAsync("channel", 1, TimeSpan.FromMinutes(1), later.GetUtcNow(), CancellationToken.None);
            await look.RunAsync(claimed.Single(), CancellationToken.None);
            Assert.Equal(1, asked);
            positions.Add((await silo.Hub.GetAsync("/v1/adapters/a/channel")).Json.GetProperty("position").GetString()!);
        }

        Assert.Equal(3, positions.Count);
    }

    [Fact]
    public async Task A_stored_channel_is_not_polled_by_plain_http_when_https_is_required()
    {
        await using var api = await PolledApi.StartAsync();
        var failed = await Assert.ThrowsAsync<ChannelException>(() => OpenAsync(api, "/tx?from={from}&to={to}", requireHttps: true));
        Assert.Equal("url: This hub only calls https URLs.", failed.Message);
        Assert.Empty(api.Asked);
    }

    private Task<IChannel> OpenAsync(PolledApi api, string path, TimeSpan? answer = null, bool requireHttps = false)
    {
        var options = new ChannelOptions { AnswerTimeout = answer ?? TimeSpan.FromMinutes(2), LookTimeout = LookTimeout };
        options.AllowedNetworks.Add("127.0.0.0/8");
        var settings = JsonSerializer.SerializeToElement(new { url = api.Url + path, next = "paging.next" });
        return new PollKind(new Dialer(options), requireHttps, clock)
            .OpenAsync(new ChannelConfiguration("a", settings, new Dictionary<string, string>(), null), CancellationToken.None);
    }

    /// <summary>Takes what there is first.</summary>
    /// <returns>How many pages.</returns>
    private static async Task<int> ReadAsync(IChannel channel)
    {
        var item = (await channel.ListAsync(1, CancellationToken.None)).Single();
        var pages = 0;
        await foreach (var _ in channel.ReadAsync(item, CancellationToken.None)) pages++;
        await channel.SettleAsync(item, null, CancellationToken.None);
        return pages;
    }

    /// <summary>A little now and then, until nobody wants it any more.</summary>
    private static async Task DripAsync(Stream body)
    {
        for (; ; await Task.Delay(20))
        {
            await body.WriteAsync(Encoding.ASCII.GetBytes(" "));
            await body.FlushAsync();
        }
    }

    private static async Task UntilAsync(SiloHost silo, Func<JsonElement, bool> condition)
    {
        JsonElement shown = default;
        await Eventually.TrueAsync(async () => condition(shown = (await silo.Hub.GetAsync("/v1/adapters/a/channel")).Json), () => shown.ToString());
    }
}
