using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using MoMo.Tests.Support;

namespace MoMo.Tests.Api;

/// <summary>POST /v1/payments/bulk: a stream of lines, an answer for each, in order, and bounded memory on our side.</summary>
public sealed class BulkPostTests(HubFixture fixture) : IClassFixture<HubFixture>
{
    private static string Line(string reference, string account = "acme", string amount = "1.00") =>
        $$"""{"psp":"psp","psp_reference":"{{reference}}","account_id":"{{account}}","amount":"{{amount}}","currency":"KES"}""";

    [Fact]
    public async Task Each_line_gets_the_answer_that_it_would_get_alone_in_order()
    {
        var (one, two) = (HubFixture.Fresh(), HubFixture.Fresh());
        var lines = await SendAsync(string.Join('\n',
            Line(one), Line(one), "", Line(one, amount: "2.00"), Line(two, "nobody"), "{", Line(HubFixture.Fresh(), amount: "0") + "\r", Line(HubFixture.Fresh(), "beta")));
        Assert.Equal(
            ["1 201 accepted", "2 200 accepted", "4 409 payment-differs", "5 201 suspense", "6 400 malformed-json", "7 422 payment-malformed", "8 201 accepted"],
            lines.Select(Summary));
        Assert.Equal(lines[0].GetProperty("id").GetString(), lines[1].GetProperty("id").GetString());
    }

    [Fact]
    public async Task A_line_that_is_refused_names_all_its_faulty_fields()
    {
        var lines = await SendAsync($"{{\"psp\":\"psp\",\"amount\":\"x\"}}\n{Line(HubFixture.Fresh())}\n[]");
        Assert.Equal(
            ["account_id", "amount", "currency", "psp_reference"],
            lines[0].GetProperty("errors").EnumerateObject().Select(field => field.Name).Order(StringComparer.Ordinal));
        Assert.All(lines.Skip(1), line => Assert.False(line.TryGetProperty("errors", out _)));
    }

    [Fact]
    public async Task A_stream_of_another_media_type_is_told_which_is_taken()
    {
        using var body = new StringContent(Line(HubFixture.Fresh()), Encoding.UTF8, "application/json");
        var refused = await fixture.Hub.SendAsync(HttpMethod.Post, "/v1/payments/bulk", body);
        Assert.Equal(
            (415, "Send the body as Content-Type: application/x-ndjson or application/ndjson or application/jsonl."), (refused.Status, refused.Text("detail")));
    }

    [Theory]
    [InlineData("application/x-ndjson")]
    [InlineData("application/ndjson; charset=utf-8")]
    [InlineData("application/jsonl")]
    [InlineData(null)]
    public async Task A_stream_goes_by_each_of_its_names(string? type)
    {
        using var body = new ByteArrayContent(Encoding.UTF8.GetBytes(Line(HubFixture.Fresh())));
        if (type is not null) body.Headers.TryAddWithoutValidation("Content-Type", type);
        var answer = await fixture.Hub.SendAsync(HttpMethod.Post, "/v1/payments/bulk", body);
        Assert.Equal((200, 201), (answer.Status, answer.Json.GetProperty("status").GetInt32()));
    }

    [Fact]
    public async Task A_line_of_an_unknown_PSP_with_other_faults_names_the_PSP_too()
    {
        var lines = await SendAsync("""{"psp":"nobody","psp_reference":"X","account_id":"acme","amount":"x","currency":"KES"}""");
        Assert.Equal(["amount", "psp"], lines[0].GetProperty("errors").EnumerateObject().Select(field => field.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_account_numbers_the_lines_of_a_stream_in_their_order_whatever_finding_it_costs()
    {
        // Some references are asked for the first time, others are known, some lines name none.
        const int count = 3_000;
        var prefix = HubFixture.Fresh();
        var lines = await SendAsync(string.Join('\n', Enumerable.Range(1, count).Select(number =>
        {
            var reference = (number % 3) switch { 0 => "", 1 => ",\"reference_id\":\"known\"", _ => $",\"reference_id\":\"{prefix}-{number}\"" };
            return $$"""{"psp":"psp","psp_reference":"{{prefix}}-{{number}}","account_id":"acme","amount":"1.00","currency":"KES"{{reference}}}""";
        })));
        var numbers = lines.Select(line => line.GetProperty("sequence").GetInt64()).ToList();
        Assert.Equal(count, numbers.Count);
        Assert.Equal(numbers.Order(), numbers);
    }

    [Fact]
    public async Task A_long_stream_is_answered_line_for_line()
    {
        const int count = 20_000;
        var prefix = HubFixture.Fresh();
        var lines = await SendAsync(string.Join('\n', Enumerable.Range(1, count).Select(number => Line($"{prefix}-{number}", number % 2 == 0 ? "acme" : "beta"))));
        Assert.Equal(count, lines.Count);
        for (var number = 1; number <= count; number++)
        {
            var line = lines[number - 1];
            Assert.Equal((number, 201), (line.GetProperty("line").GetInt32(), line.GetProperty("status").GetInt32()));
        }

        Assert.Equal(count, await fixture.CountAsync($"payments WHERE psp_reference LIKE '{prefix}-%'"));
    }

    [Fact]
    public async Task Stream_after_stream_goes_through_one_connection()
    {
        var connections = 0;
        using var http = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancellation) =>
            {
                Interlocked.Increment(ref connections);
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(context.DnsEndPoint, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        });
        for (var stream = 0; stream < 3; stream++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(fixture.Hub.Url, "/v1/payments/bulk"));
            request.Headers.Authorization = fixture.Hub.Http.DefaultRequestHeaders.Authorization;
            request.Content = new StringContent(Line(HubFixture.Fresh()), Encoding.UTF8, new MediaTypeHeaderValue("application/x-ndjson"));
            using var answer = await http.SendAsync(request);
            Assert.Contains("accepted", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        Assert.Equal(1, connections);
    }

    [Theory]
    [InlineData(70_000)] // more than a message may have
    [InlineData(3_000_000)] // more than is ever held: the next line can't be found
    public async Task A_line_that_is_too_long_is_named_and_nothing_before_it_is_lost(int length)
    {
        var reference = HubFixture.Fresh();
        var lines = await SendAsync($"{Line(reference)}\n{new string(' ', length)}\n");
        Assert.Equal(["1 201 accepted", "2 422 line-too-long"], lines.Select(Summary));
        Assert.Equal(1, await fixture.CountAsync($"payments WHERE psp_reference = '{reference}'"));
    }

    [Fact]
    public async Task A_caller_that_never_reads_its_answers_is_slowed_down_and_harms_nobody()
    {
        var prefix = HubFixture.Fresh();
        var url = fixture.Hub.Url;
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4_096, SendBufferSize = 65_536 };
        await socket.ConnectAsync(url.Host, url.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            $"POST /v1/payments/bulk HTTP/1.1\r\nHost: hub\r\nAuthorization: {fixture.Hub.Http.DefaultRequestHeaders.Authorization}\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n"));

        // Sends until the hub takes no more: its answers pile up to what it may hold, then it reads nothing.
        var number = 0;
        using var full = new CancellationTokenSource();
        try
        {
            while (number < 1_000_000)
            {
                var line = Encoding.UTF8.GetBytes(Line(string.Create(CultureInfo.InvariantCulture, $"{prefix}-{number++}")) + "\n");
                var chunk = Encoding.ASCII.GetBytes($"{line.Length:x}\r\n").Concat(line).Concat("\r\n"u8.ToArray()).ToArray();
                full.CancelAfter(TimeSpan.FromSeconds(2));
                await socket.SendAsync(chunk, full.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            // Held, or cut off for being too slow: both are bounds.
        }

        Assert.True(number < 1_000_000, "The hub read a million lines whose answers nobody read.");
        Assert.Equal(201, (await fixture.Hub.PayAsync("psp", HubFixture.Fresh(), "acme")).Status);
    }

    private async Task<List<JsonElement>> SendAsync(string text)
    {
        using var body = new StringContent(text, Encoding.UTF8, new MediaTypeHeaderValue("application/x-ndjson"));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/payments/bulk") { Content = body };
        using var answer = await fixture.Hub.Http.SendAsync(request);
        Assert.Equal(200, (int)answer.StatusCode);
        var lines = (await answer.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return [.. lines.Select(line => JsonElement.Parse(line))];
    }

    private static string Summary(JsonElement line) => string.Join(' ',
        line.GetProperty("line"), line.GetProperty("status"), line.TryGetProperty("code", out var code) && code.ValueKind == JsonValueKind.String ? code : line.GetProperty("outcome"));
}
