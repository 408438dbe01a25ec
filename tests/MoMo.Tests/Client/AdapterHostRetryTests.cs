using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using MoMo.Client;
using MoMo.Client.Adapters;
using MoMo.Client.Wire;

namespace MoMo.Tests.Client;

/// <summary>The adapter host against hubs that misbehave as told, and one that a proxy stands before.</summary>
public sealed class AdapterHostRetryTests
{
    [Fact]
    public async Task Where_streams_are_not_let_through_batches_go()
    {
        await using var hub = await FakeHub.StartAsync(context => AnswerAsync(context, _ => 201));
        using var http = new HttpClient { BaseAddress = hub.Url };
        await using var host = await AdapterHost.StartAsync(http, new AdapterHostOptions { Adapter = "a" });

        var lines = await Task.WhenAll(Enumerable.Range(1, 2_500).Select(number => host.SendAsync(Payment(number))));

        Assert.Equal(Enumerable.Range(1, 2_500).Select(number => $"P{number}"), lines.Select(line => line.Id));
        Assert.InRange(hub.Requests.Count(request => request.EndsWith("/bulk", StringComparison.Ordinal)), 2, 2_500);
    }

    [Fact]
    public async Task A_line_that_the_hub_was_too_busy_for_is_sent_again_and_a_faulty_one_five_times()
    {
        var asked = 0;
        await using var hub = await FakeHub.StartAsync(context => AnswerAsync(
            context, reference => reference == "P2" ? 500 : reference == "P1" && Interlocked.Increment(ref asked) < 4 ? 503 : 201));
        using var http = new HttpClient { BaseAddress = hub.Url };
        await using var host = await AdapterHost.StartAsync(http, new AdapterHostOptions { Adapter = "a", Lease = TimeSpan.FromHours(1) });

        var (busy, faulty) = (host.SendAsync(Payment(1)), host.SendAsync(Payment(2)));

        Assert.Equal((201, 500), ((await busy).Status, (await faulty).Status));
        Assert.Equal(4, asked);
    }

    [Fact]
    public async Task A_hub_that_asks_to_wait_is_waited_for()
    {
        var first = true;
        await using var hub = await FakeHub.StartAsync(context =>
        {
            if (!context.Request.Path.Value!.EndsWith("/bulk", StringComparison.Ordinal) || !first) return AnswerAsync(context, _ => 201);
            first = false;
            context.Response.Headers.RetryAfter = "1";
            return FakeHub.AnswerAsync(context, 503, """{"code":"busy"}""");
        });
        using var http = new HttpClient { BaseAddress = hub.Url };
        List<Exception> troubles = [];
        await using var host = await AdapterHost.StartAsync(http, new AdapterHostOptions { Adapter = "a", Trouble = troubles.Add });

        Assert.Equal(201, (await host.SendAsync(Payment(1))).Status);
        Assert.Equal(TimeSpan.FromSeconds(1), Assert.IsType<MoMoException>(Assert.Single(troubles)).RetryAfter);
    }

    [Fact]
    public async Task A_key_that_is_no_longer_good_is_told_to_who_waits()
    {
        await using var hub = await FakeHub.StartAsync(context => context.Request.Path.Value!.EndsWith("/bulk", StringComparison.Ordinal)
            ? FakeHub.AnswerAsync(context, 401, """{"code":"unauthenticated"}""")
            : AnswerAsync(context, _ => 201));
        using var http = new HttpClient { BaseAddress = hub.Url };
        await using var host = await AdapterHost.StartAsync(http, new AdapterHostOptions { Adapter = "a" });

        var refusal = await Assert.ThrowsAsync<MoMoException>(() => host.SendAsync(Payment(1)));
        Assert.Equal("unauthenticated", refusal.Code);
    }

    [Fact]
    public async Task A_producer_is_never_further_ahead_than_the_window()
    {
        var hold = new TaskCompletionSource();
        await using var hub = await FakeHub.StartAsync(async context =>
        {
            if (context.Request.Path.Value!.EndsWith("/bulk", StringComparison.Ordinal)) await hold.Task;
            await AnswerAsync(context, _ => 201);
        });
        using var http = new HttpClient { BaseAddress = hub.Url };
        await using var host = await AdapterHost.StartAsync(http, new AdapterHostOptions { Adapter = "a", WindowMax = 3 });

        var given = Enumerable.Range(1, 4).Select(number => host.EnqueueAsync(Payment(number)).AsTask()).ToList();

        Assert.Equal([true, true, true, false], given.Select(one => one.IsCompleted));
        hold.SetResult();
        Assert.Equal(201, (await await given[3]).Status);
    }

    [Fact]
    public async Task A_heartbeat_whose_answer_breaks_off_is_not_the_last_one()
    {
        var (beats, again) = (0, new TaskCompletionSource());
        await using var hub = await FakeHub.StartAsync(async context =>
        {
            var beat = context.Request.Path.Value!.EndsWith("/heartbeat", StringComparison.Ordinal) ? Interlocked.Increment(ref beats) : 0;
            if (beat == 1) context.Response.ContentLength = 1_000; // the server closes what stays shorter than it said
            if (beat == 2) again.SetResult();
            await AnswerAsync(context, _ => 201);
        });
        using var http = new HttpClient { BaseAddress = hub.Url };
        List<Exception> troubles = [];
        await using var host = await AdapterHost.StartAsync(http, new AdapterHostOptions { Adapter = "a", Trouble = troubles.Add }, new HurriedClock());

        await again.Task;
        await host.StopAsync();

        Assert.IsType<HttpRequestException>(Assert.Single(troubles));
        Assert.EndsWith("/state", hub.Requests.Last(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_disposes_amid_a_stop_waits_for_its_end()
    {
        var (asked, hold) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var hub = await FakeHub.StartAsync(async context =>
        {
            if (context.Request.Path.Value!.EndsWith("/bulk", StringComparison.Ordinal) && context.Request.Headers.Upgrade.Count == 0)
            {
                asked.TrySetResult();
                await hold.Task;
            }

            await AnswerAsync(context, _ => 201);
        });
        using var http = new HttpClient { BaseAddress = hub.Url };
        var host = await AdapterHost.StartAsync(http, new AdapterHostOptions { Adapter = "a" });
        var sent = host.SendAsync(Payment(1));
        await asked.Task;

        var (stopping, disposing) = (host.StopAsync(), host.DisposeAsync().AsTask());

        Assert.False(disposing.IsCompleted);
        hold.SetResult();
        await Task.WhenAll(stopping, disposing);
        Assert.Equal(201, (await sent).Status);
        Assert.EndsWith("/state", hub.Requests.Last(), StringComparison.Ordinal);
    }

    private static NewPayment Payment(int number) => new()
    {
        Psp = "psp", PspReference = string.Create(CultureInfo.InvariantCulture, $"P{number}"), Amount = "1", Currency = "KES",
    };

    /// <summary>Answers each line with its reference as the id; any other request as about an adapter that is up.</summary>
    private static async Task AnswerAsync(HttpContext context, Func<string, int> status)
    {
        if (!context.Request.Path.Value!.EndsWith("/bulk", StringComparison.Ordinal))
        {
            await FakeHub.AnswerAsync(
                context, 200, """{"id":"a","name":"a","psp":"psp","mode":"live","format":"json","state":"up","created_at":"2026-01-01T00:00:00Z","version":1}""");
            return;
        }

        using var body = new StreamReader(context.Request.Body);
        var number = 0;
        while (await body.ReadLineAsync() is { } line)
        {
            var reference = JsonDocument.Parse(line).RootElement.GetProperty("psp_reference").GetString()!;
            await context.Response.WriteAsync($$"""{"line":{{++number}},"status":{{status(reference)}},"id":"{{reference}}"}""" + "\n");
        }
    }
}
