using System.Net;
using Microsoft.AspNetCore.Http;
using MoMo.Domain.Routing;
using MoMo.Edge.Lookups;
using MoMo.Tests.Edge.Webhooks;

namespace MoMo.Tests.Edge.Lookups;

public sealed class LookupClientTests
{
    private static readonly TimeSpan Patient = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(250);

    [Theory]
    [InlineData(200, true)]
    [InlineData(404, false)]
    [InlineData(410, false)]
    [InlineData(201, null)]
    [InlineData(204, null)]
    [InlineData(302, null)]
    [InlineData(401, null)]
    [InlineData(429, null)]
    [InlineData(500, null)]
    public async Task The_status_is_the_answer(int status, bool? known)
    {
        await using var receiver = await Receiver.StartAsync(status);
        var answer = await AskAsync(receiver.Url, "REF-1", Patient);

        Assert.Equal(known, answer.Known);
        Assert.Equal(known is null, answer.Error is not null);
        Assert.Equal("GET", Assert.Single(receiver.Requests).Method);
    }

    [Theory]
    [InlineData("", "254700000001", "/hook?reference_id=254700000001")]
    [InlineData("?token=a", "254700000001", "/hook?token=a&reference_id=254700000001")]
    [InlineData("?", "1", "/hook?reference_id=1")]
    [InlineData("?a=b&", "1", "/hook?a=b&reference_id=1")]
    [InlineData("", "a b+c&d=e#f?g/h%41../é", "/hook?reference_id=a%20b%2Bc%26d%3De%23f%3Fg%2Fh%2541..%2F%C3%A9")]
    [InlineData("", "1\r\nX-Evil: 1", "/hook?reference_id=1%0D%0AX-Evil%3A%201")]
    [InlineData("", "", "/hook?reference_id=")]
    public async Task The_reference_is_asked_exactly_as_it_was_written(string query, string reference, string target)
    {
        await using var receiver = await Receiver.StartAsync(http =>
        {
            http.Response.StatusCode = http.Request.Query["reference_id"] == reference ? 200 : 404;
            return Task.CompletedTask;
        });
        Assert.Equal(LookupAnswer.Yes, await AskAsync(new Uri(receiver.Url + query), reference, Patient));
        Assert.Equal(target, Assert.Single(receiver.Requests).Target);
    }

    [Fact]
    public async Task Half_a_character_is_not_asked_about()
    {
        await using var receiver = await Receiver.StartAsync(200);
        Assert.Null((await AskAsync(receiver.Url, "\ud800", Patient)).Known);
        Assert.Null((await AskAsync(receiver.Url, "a\udc00b", Patient)).Known);
        Assert.Empty(receiver.Requests);
    }

    [Fact]
    public async Task An_endless_reference_is_not_asked_about()
    {
        await using var receiver = await Receiver.StartAsync(200);
        Assert.True((await AskAsync(receiver.Url, new string('x', 1_000), Patient)).Known);
        Assert.Null((await AskAsync(receiver.Url, new string('x', 1_001), Patient)).Known);
        Assert.Null((await AskAsync(receiver.Url, new string('é', 501), Patient)).Known);
        Assert.Single(receiver.Requests);
    }

    [Fact]
    public async Task Silence_is_no_answer_once_the_deadline_has_passed()
    {
        await using var receiver = await Receiver.StartAsync(http => Task.Delay(Timeout.Infinite, http.RequestAborted));
        Assert.Equal(new LookupAnswer(null, "The receiver did not answer within 0.25 s."), await AskAsync(receiver.Url, "1", Short));
    }

    [Fact]
    public async Task Without_any_time_left_nobody_is_asked()
    {
        await using var receiver = await Receiver.StartAsync(200);
        Assert.Null((await AskAsync(receiver.Url, "1", TimeSpan.Zero)).Known);
        Assert.Empty(receiver.Requests);
    }

    [Fact]
    public async Task A_long_body_does_not_matter()
    {
        var body = new string('x', 1_000_000);
        await using var receiver = await Receiver.StartAsync(http => http.Response.WriteAsync(body, http.RequestAborted));
        Assert.Equal(LookupAnswer.Yes, await AskAsync(receiver.Url, "1", Patient));
    }

    [Fact]
    public async Task The_guard_stands_here_too()
    {
        await using var receiver = await Receiver.StartAsync(200);
        using var client = new LookupClient(Sending.Options());
        var answer = await client.AskAsync(receiver.Url, "1", Patient, CancellationToken.None);

        Assert.Null(answer.Known);
        Assert.StartsWith("The hub may not connect to this host", answer.Error, StringComparison.Ordinal);
        Assert.Empty(receiver.Requests);
    }

    [Fact]
    public async Task A_closed_port_is_no_answer()
    {
        Uri url;
        await using (var receiver = await Receiver.StartAsync(200)) url = receiver.Url;
        Assert.Equal("The receiver refused the connection: nothing listens there.", (await AskAsync(url, "1", Patient)).Error);
    }

    [Fact]
    public async Task The_caller_can_break_off()
    {
        using var stop = new CancellationTokenSource();
        await using var receiver = await Receiver.StartAsync(async http =>
        {
            await stop.CancelAsync();
            await Task.Delay(Timeout.Infinite, http.RequestAborted);
        });
        using var client = new LookupClient(Sending.Loopback());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.AskAsync(receiver.Url, "1", Patient, stop.Token));
    }

    [Fact]
    public async Task At_most_eight_questions_are_open_to_one_host()
    {
        var arrived = new SemaphoreSlim(0);
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var receiver = await Receiver.StartAsync(async http =>
        {
            arrived.Release();
            await go.Task.WaitAsync(http.RequestAborted);
        });
        using var client = new LookupClient(Sending.Loopback());

        var first = Enumerable.Range(0, 8).Select(n => client.AskAsync(receiver.Url, $"{n}", Patient, CancellationToken.None)).ToArray();
        for (var i = 0; i < 8; i++) Assert.True(await arrived.WaitAsync(Patient));
        var late = await Task.WhenAll(
            Enumerable.Range(0, 12).Select(n => client.AskAsync(receiver.Url, $"late {n}", Short, CancellationToken.None)));
        Assert.All(late, answer => Assert.Null(answer.Known));
        Assert.Equal(8, receiver.Requests.Length);

        go.SetResult();
        Assert.All(await Task.WhenAll(first), answer => Assert.True(answer.Known));
    }

    [Fact]
    public async Task At_most_256_questions_are_open_to_all_hosts_and_the_others_wait_inside_their_deadline()
    {
        const int hosts = 40;
        var arrived = new SemaphoreSlim(0);
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var receiver = await Receiver.StartAsync(async http =>
        {
            arrived.Release();
            await go.Task.WaitAsync(http.RequestAborted);
        });
        using var client = new LookupClient(Sending.Loopback(), (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]));

        var asked = Enumerable.Range(0, hosts * LookupClient.ConnectionsPerHostMax)
            .Select(n => client.AskAsync(Host(n % hosts), $"{n}", Patient, CancellationToken.None)).ToArray();
        for (var i = 0; i < LookupClient.OpenMax; i++) Assert.True(await arrived.WaitAsync(Patient));
        // A host that nobody asks yet has a place free for each of them, and yet they wait.
        var late = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => client.AskAsync(Host(hosts), $"late {n}", Short, CancellationToken.None)));
        Assert.All(late, answer => Assert.Null(answer.Known));
        Assert.Equal(256, receiver.Requests.Length);

        go.SetResult();
        Assert.All(await Task.WhenAll(asked), answer => Assert.True(answer.Known));
        Assert.Equal(asked.Length, receiver.Requests.Length);

        Uri Host(int number) => new($"http://host{number}.example:{receiver.Port}/hook");
    }

    [Fact]
    public async Task A_host_that_never_answers_keeps_no_place_that_another_needs()
    {
        var silent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var receiver = await Receiver.StartAsync(async http =>
        {
            if (http.Request.Host.Host == "dead.example") await silent.Task.WaitAsync(http.RequestAborted);
        });
        using var client = new LookupClient(Sending.Loopback(), (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]));

        var dead = Enumerable.Range(0, 2 * LookupClient.OpenMax)
            .Select(n => client.AskAsync(new($"http://dead.example:{receiver.Port}/hook"), $"{n}", Patient, CancellationToken.None)).ToArray();
        Assert.True((await client.AskAsync(new($"http://well.example:{receiver.Port}/hook"), "1", Patient, CancellationToken.None)).Known);
        Assert.DoesNotContain(dead, question => question.IsCompleted);

        silent.SetResult();
        Assert.All(await Task.WhenAll(dead), answer => Assert.True(answer.Known));
    }

    private static async Task<LookupAnswer> AskAsync(Uri url, string reference, TimeSpan deadline)
    {
        using var client = new LookupClient(Sending.Loopback());
        return await client.AskAsync(url, reference, deadline, CancellationToken.None);
    }
}
