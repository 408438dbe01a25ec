using MoMo.Client.Adapters;
using MoMo.Client.Wire;
using MoMo.Silo.Api;
using MoMo.Tests.Support;

namespace MoMo.Tests.Api;

/// <summary>A stream may last for days, but not hold its place for nothing.</summary>
public sealed class BulkWatchTests(HeldHubHost host) : IClassFixture<HeldHubHost>
{
    [Fact]
    public async Task A_stream_that_is_silent_for_long_ends_and_says_so()
    {
        using var stream = await OpenAsync();
        var last = await AfterAWhileAsync(stream.ReadLineAsync());
        Assert.StartsWith("{\"line\":1,\"status\":503,", last, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"stream-silent\"", last, StringComparison.Ordinal);
        Assert.Equal("", await stream.ReadLineAsync());
    }

    [Fact]
    public async Task A_stream_over_which_something_comes_now_and_then_stays()
    {
        using var stream = await OpenAsync();
        for (var line = 1; line <= 10; line++)
        {
            host.Clock.Advance(StreamWatch.SilenceMax - StreamWatch.LookEvery);
            await stream.SendAsync("{\n");
            Assert.StartsWith($"{{\"line\":{line},\"status\":400,", await stream.ReadLineAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_stream_that_waits_ends_when_its_key_is_deleted()
    {
        var key = await host.NewKeyAsync("adapter");
        using var stream = await OpenAsync($"Bearer {key.GetProperty("key").GetString()}");
        (await host.AsAdminAsync("DELETE", $"/v1/keys/{key.GetProperty("id").GetString()}")).MustBe(204);
        var last = await AfterAWhileAsync(stream.ReadLineAsync());
        Assert.StartsWith("{\"line\":1,\"status\":401,", last, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"unauthenticated\"", last, StringComparison.Ordinal);
        Assert.Equal("", await stream.ReadLineAsync());
    }

    [Fact]
    public async Task A_stream_whose_answers_nobody_takes_is_cut()
    {
        using var stream = await OpenAsync();
        var lines = System.Text.Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("x\n", 10_000)));
        var sending = Task.Run(async () =>
        {
            while (true) await stream.Bytes.WriteAsync(lines);
        });
        await AfterAWhileAsync(Record.ExceptionAsync(() => sending));
        Assert.IsType<IOException>(sending.Exception!.InnerException);
    }

    [Fact]
    public async Task The_client_takes_the_end_of_a_silent_stream_for_no_trouble_and_opens_another()
    {
        (await host.AsAdminAsync("POST", "/v1/psps", new { id = "quiet", name = "Quiet" })).MustBe(201);
        (await host.AsAdminAsync("POST", "/v1/adapters", new { id = "quiet", name = "Quiet", psp = "quiet", format = "json" })).MustBe(201);
        using var http = await host.ClientAsync("adapter:quiet");
        List<Exception> troubles = [];
        await using var adapter = await AdapterHost.StartAsync(http, new AdapterHostOptions { Adapter = "quiet", Trouble = troubles.Add });
        for (var payment = 1; payment <= 3; payment++)
        {
            Assert.Equal(201, (await adapter.SendAsync(new NewPayment { Psp = "quiet", PspReference = $"q{payment}", AccountId = "nobody", Amount = "1.00", Currency = "KES" })).Status);
            var looks = 0;
            await AfterAWhileAsync(() => ++looks > 40);
        }

        Assert.Empty(troubles);
    }

    private Task<PlainStream> OpenAsync(string? key = null) =>
        PlainStream.OpenAsync(host.Admin.BaseAddress!, key ?? host.Admin.DefaultRequestHeaders.Authorization!.ToString());

    /// <summary>Lets time go by until it comes.</summary>
    private async Task<T> AfterAWhileAsync<T>(Task<T> coming)
    {
        await AfterAWhileAsync(() => coming.IsCompleted);
        return await coming;
    }

    private Task AfterAWhileAsync(Func<bool> condition) => Eventually.TrueAsync(
        () =>
        {
            host.Clock.Advance(StreamWatch.LookEvery);
            return condition();
        },
        () => "the end of the stream");
}
