using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using MoMo.Edge.Formats.Json;
using MoMo.Tests.Support;

namespace MoMo.Tests.Fuzz;

/// <summary>A whole silo under foreign bytes: it always answers, and never with a fault of its own.</summary>
public sealed class FuzzedHttpTests(HubFixture fixture) : IClassFixture<HubFixture>
{
    private const int Seed = 20_261_122;
    private static readonly string[] Headers =
        ["Authorization", "Content-Type", "If-Match", "If-None-Match", "Idempotency-Key", "X-Forwarded-For", "X-Forwarded-Proto", "Accept", "traceparent"];

    private static readonly byte[][] Values =
    [
        "Bearer momo_abcdefghijkl_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"u8.ToArray(), "application/json; charset=utf-8"u8.ToArray(),
        "application/x-www-form-urlencoded"u8.ToArray(), "\"1\", W/\"2\", *"u8.ToArray(), "203.0.113.7, [2001:db8::1]:8080, unknown"u8.ToArray(), "https"u8.ToArray(),
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"u8.ToArray(),
    ];

    [Fact]
    public async Task Each_line_of_a_stream_gets_its_answer_whatever_it_holds()
    {
        for (var stream = 0; stream < 40; stream++)
        {
            var chance = new Random(Seed + stream);
            byte[] body = [.. Enumerable.Range(0, 60).SelectMany(_ =>
                (byte[])[.. new Mutator(chance).Mutate(FuzzSamples.Payments, FuzzSamples.Payments.Count), (byte)'\n'])];
            using var content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-ndjson") } };
            var answer = await fixture.Hub.SendAsync(HttpMethod.Post, "/v1/payments/bulk", content);
            Assert.True(answer.Status == 200, $"Stream {stream}: {answer}");
            Judge(stream, body, Encoding.UTF8.GetString(answer.Bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }
    }

    [Fact]
    public async Task Headers_of_any_bytes_are_answered_and_never_with_a_fault()
    {
        var statuses = new SortedDictionary<int, int>();
        for (var number = 0; number < 1_500; number++)
        {
            var chance = new Random(Seed + number);
            var name = Headers[chance.Next(Headers.Length)];
            byte[] value = [.. new Mutator(chance).Mutate(Values, Values.Length).Where(one => one is not ((byte)'\r' or (byte)'\n')).Take(4_000)];
            var (method, path, body) = chance.Next(3) switch
            {
                0 => ("GET", "/v1/psps/psp", ""),
                1 => ("PUT", "/v1/psps/psp", """{"name":"PSP psp"}"""),
                _ => ("POST", "/v1/payments", Encoding.UTF8.GetString(FuzzSamples.Payments[0])),
            };
            var status = await StatusAsync(method, path, name, value, body);
            Assert.True(status is >= 200 and < 500, $"Request {number}, {method} {path} {name}: {Convert.ToBase64String(value)} was answered {status}.");
            statuses[status] = statuses.GetValueOrDefault(status) + 1;
        }

        Assert.True(statuses.Count > 3, string.Join(' ', statuses));
    }

    /// <summary>The hub's answers against what its reader says of each line, cut here once more by hand.</summary>
    private static void Judge(int stream, byte[] body, string[] answers)
    {
        var (number, answered) = (0, 0);
        foreach (var range in body.AsSpan().Split((byte)'\n'))
        {
            number++;
            var line = body.AsSpan(range);
            if (line.TrimEnd("\r \t"u8).IsEmpty) continue;
            Assert.True(answered < answers.Length, $"Stream {stream}: line {number} got no answer.");
            var answer = JsonElement.Parse(answers[answered++]);
            Assert.Equal(number, answer.GetProperty("line").GetInt32());
            var status = answer.GetProperty("status").GetInt32();
            var read = line.Length > 64 << 10 ? null : PaymentReader.Read(line, null).Accepted;
            Assert.True(status < 500 && (read is not null || status >= 400), $"Stream {stream}, line {number} {Convert.ToBase64String(line)}: {answer}");
        }

        Assert.Equal(answered, answers.Length);
    }

    private async Task<int> StatusAsync(string method, string path, string name, byte[] value, string body)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(fixture.Hub.Url.Host, fixture.Hub.Url.Port);
        await using var wire = client.GetStream();
        var head = new StringBuilder($"{method} {path} HTTP/1.1\r\nHost: hub\r\nConnection: close\r\n");
        if (name != "Authorization") head.Append(CultureInfo.InvariantCulture, $"Authorization: Bearer {fixture.Silo.Key}\r\n");
        if (name != "Content-Type") head.Append("Content-Type: application/json\r\n");
        head.Append(CultureInfo.InvariantCulture, $"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n{name}: ");
        await wire.WriteAsync((byte[])[.. Encoding.ASCII.GetBytes(head.ToString()), .. value, .. "\r\n\r\n"u8, .. Encoding.UTF8.GetBytes(body)]);
        using var deadline = new CancellationTokenSource(HubClient.AnswerMax);
        using var answer = new StreamReader(wire, Encoding.Latin1);
        var line = await answer.ReadLineAsync(deadline.Token) ?? "";
        return line.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) ? int.Parse(line.AsSpan(9, 3), CultureInfo.InvariantCulture) : 0;
    }
}
