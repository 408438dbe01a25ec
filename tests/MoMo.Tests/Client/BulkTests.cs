using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using MoMo.Client;
using MoMo.Client.Wire;

namespace MoMo.Tests.Client;

public sealed class BulkTests : IDisposable
{
    private readonly HttpClient http = new();
    private int produced;

    public void Dispose() => http.Dispose();

    [Fact]
    public async Task Every_payment_gets_its_line_in_order_whatever_the_batches()
    {
        await using var hub = await FakeHub.StartAsync(EchoAsync);
        const int count = 5_000;

        var lines = await Connect(hub).Payments.SendBulkAsync(Produce(count)).ToListAsync();

        var expected = Enumerable.Range(1, count).Select(number => ((long)number, $"QK{number}"));
        Assert.Equal(expected, lines.Select(line => (line.Line, line.Id!)));
        Assert.All(hub.Requests, request => Assert.Equal("POST /v1/payments/bulk", request));
        Assert.InRange(hub.Requests.Count, count / 1_000, count);
    }

    [Fact]
    public async Task Reads_ahead_no_further_than_its_limit()
    {
        await using var hub = await FakeHub.StartAsync(EchoAsync);
        var answered = 0;

        await foreach (var _ in Connect(hub).Payments.SendBulkAsync(Produce(20_000)))
        {
            answered++;
            // A batch on its way, one waiting, and the one that waits for room.
            Assert.InRange(produced - answered, 0, 2_001);
        }

        Assert.Equal(20_000, answered);
    }

    [Fact]
    public async Task A_source_that_pauses_does_not_hold_back_what_it_gave_before()
    {
        await using var hub = await FakeHub.StartAsync(EchoAsync);
        var answered = new TaskCompletionSource();
        async IAsyncEnumerable<NewPayment> Pausing()
        {
            yield return Samples.NewPayment(1);
            await answered.Task;
            yield return Samples.NewPayment(2);
        }

        var ids = new List<string>();
        await foreach (var line in Connect(hub).Payments.SendBulkAsync(Pausing()))
        {
            ids.Add(line.Id!);
            answered.TrySetResult();
        }

        Assert.Equal(["QK1", "QK2"], ids);
    }

    [Fact]
    public async Task A_source_that_fails_fails_the_call_after_its_last_answer()
    {
        await using var hub = await FakeHub.StartAsync(EchoAsync);
        async IAsyncEnumerable<NewPayment> Failing()
        {
            yield return Samples.NewPayment();
            await Task.Yield();
            throw new InvalidDataException("torn");
        }

        var answered = 0;
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await foreach (var _ in Connect(hub).Payments.SendBulkAsync(Failing())) answered++;
        });

        Assert.Equal(1, answered);
    }

    [Fact]
    public async Task Whoever_stops_listening_stops_the_source()
    {
        await using var hub = await FakeHub.StartAsync(EchoAsync);

        await foreach (var _ in Connect(hub).Payments.SendBulkAsync(Produce(int.MaxValue))) break;

        Assert.InRange(produced, 1, 2_001);
    }

    [Fact]
    public async Task Missing_lines_are_noticed()
    {
        await using var hub = await FakeHub.StartAsync(200, """{"line":1,"status":201,"id":"p1"}""");

        var torn = await Assert.ThrowsAsync<MoMoException>(
            () => Connect(hub).Payments.SendBulkAsync(new[] { Samples.NewPayment(1), Samples.NewPayment(2) }.ToAsyncEnumerable())
                .ToListAsync().AsTask());

        Assert.Equal("answer-incomplete", torn.Code);
    }

    /// <summary>Answers each line with the payment's psp_reference as id, while it reads.</summary>
    internal static async Task EchoAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        for (var line = 1; await reader.ReadLineAsync() is { } text; line++)
        {
            var reference = global::System.Text.Json.JsonElement.Parse(text).GetProperty("psp_reference").GetString();
            await context.Response.WriteAsync($$"""{"line":{{line}},"status":201,"id":"{{reference}}","outcome":"accepted"}""" + "\n");
        }
    }

    private async IAsyncEnumerable<NewPayment> Produce(int count, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        for (var number = 1; number <= count; number++)
        {
            cancellation.ThrowIfCancellationRequested();
            produced = number;
            yield return Samples.NewPayment(number);
        }

        await Task.CompletedTask;
    }

    private MoMoClient Connect(FakeHub hub)
    {
        http.BaseAddress = hub.Url;
        return new MoMoClient(http);
    }
}
