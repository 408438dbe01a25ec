using System.Globalization;
using System.Text;
using MoMo.Silo.Api;
using MoMo.Tests.Support;

namespace MoMo.Tests.Api;

/// <summary>What streams may hold at once: their number, and the bytes that each has in flight.</summary>
public sealed class BulkBoundsTests(HubFixture fixture) : IClassFixture<HubFixture>
{
    private const int WindowMax = 16 * 1024 * 1024;

    [Fact]
    public async Task A_stream_too_many_is_asked_to_come_back_and_one_that_ends_makes_room()
    {
        List<PlainStream> open = [];
        try
        {
            for (var key = 0; key < BulkIntake.StreamsMax / BulkIntake.OwnMax; key++)
            {
                var own = $"Bearer {await NewKeyAsync()}";
                for (var stream = 0; stream < BulkIntake.OwnMax; stream++) open.Add(await OpenAsync(own));
            }

            using var body = new StringContent(Line(HubFixture.Fresh()), Encoding.UTF8, "application/x-ndjson");
            var refused = await fixture.Hub.SendAsync(HttpMethod.Post, "/v1/payments/bulk", body);
            Assert.Equal((503, "busy"), (refused.Status, refused.Text("code")));
            Assert.InRange(int.Parse(refused.Headers["Retry-After"], CultureInfo.InvariantCulture), 1, 60);
            // Who sends single payments does not suffer.
            Assert.Equal(201, (await fixture.Hub.PayAsync("psp", HubFixture.Fresh(), "acme")).Status);

            open[0].Dispose();
            HubAnswer? answer = null;
            await Eventually.TrueAsync(
                async () =>
                {
                    using var again = new StringContent(Line(HubFixture.Fresh()), Encoding.UTF8, "application/x-ndjson");
                    return (answer = await fixture.Hub.SendAsync(HttpMethod.Post, "/v1/payments/bulk", again)).Status == 200;
                },
                () => $"room for another stream: {answer}");
        }
        finally
        {
            open.ForEach(one => one.Dispose());
        }
    }

    [Fact]
    public async Task One_key_has_a_quarter_of_the_streams()
    {
        var key = await NewKeyAsync();
        using var own = fixture.Silo.As(key);
        List<PlainStream> open = [];
        try
        {
            for (var stream = 0; stream < BulkIntake.OwnMax; stream++) open.Add(await OpenAsync($"Bearer {key}"));
            using var body = new StringContent(Line(HubFixture.Fresh()), Encoding.UTF8, "application/x-ndjson");
            var refused = await own.SendAsync(HttpMethod.Post, "/v1/payments/bulk", body);
            Assert.Equal((503, "busy"), (refused.Status, refused.Text("code")));
            Assert.Contains($"{BulkIntake.OwnMax} of one key", refused.Text("detail"), StringComparison.Ordinal);
            open.Add(await OpenAsync());
        }
        finally
        {
            open.ForEach(one => one.Dispose());
        }
    }

    [Fact]
    public async Task A_line_that_is_too_long_and_has_no_end_yet_is_refused_and_ends_the_stream()
    {
        using var client = await OpenAsync();
        await client.Bytes.WriteAsync(Encoding.ASCII.GetBytes(new string('x', 64 * 1024 + 1)));
        var answer = await client.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Contains("\"code\":\"line-too-long\"", answer, StringComparison.Ordinal);
        Assert.Equal("", await client.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public async Task While_nothing_can_be_committed_a_stream_holds_16_MB_and_reads_no_more()
    {
        const int lineBytes = 60_000;
        const int many = 2_000; // 120 MB
        using var client = await OpenAsync();
        var stream = client.Bytes;
        var sent = 0;
        Task sending;
        await using (await HeldLock.TakeAsync(fixture.ConnectionString, "SELECT FROM account_heads WHERE account_id = 'acme' FOR UPDATE"))
        {
            sending = SendManyAsync();
            // As long as something moves it is not at its bound yet.
            var before = -1;
            var still = 0;
            await Eventually.TrueAsync(
                () =>
                {
                    still = sent == before ? still + 1 : 0;
                    before = sent;
                    return still >= 80;
                },
                () => $"the sender to be held; {sent} lines are sent");
            // What the two sockets hold comes on top; on loopback that is some megabytes.
            Assert.InRange((long)sent * lineBytes, WindowMax / 2, 3L * WindowMax);
        }

        // Now all of it goes in, and each line is answered.
        var answered = 0;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        while (answered < many && await reader.ReadLineAsync() is { } line)
        {
            answered++;
            Assert.StartsWith(string.Create(CultureInfo.InvariantCulture, $"{{\"line\":{answered},\"status\":201,"), line, StringComparison.Ordinal);
        }

        await sending;
        Assert.Equal(many, answered);

        async Task SendManyAsync()
        {
            var padding = new string(' ', lineBytes);
            for (var number = 0; number < many; number++)
            {
                await stream.WriteAsync(Encoding.UTF8.GetBytes(Line(HubFixture.Fresh(), padding)));
                Interlocked.Increment(ref sent);
            }
        }
    }

    [Fact]
    public async Task A_stream_whose_key_is_deleted_ends_and_says_so()
    {
        var key = (await fixture.Hub.PostAsync("/v1/keys", new { name = HubFixture.Fresh(), scopes = new[] { "adapter" } })).Json;
        using var client = await OpenAsync($"Bearer {key.GetProperty("key").GetString()}");
        Assert.Equal(201, await SendAsync());
        Assert.Equal(204, (await fixture.Hub.SendAsync(HttpMethod.Delete, $"/v1/keys/{key.GetProperty("id").GetString()}", null)).Status);

        var status = 0;
        await Eventually.TrueAsync(async () => (status = await SendAsync()) != 201, () => $"the deleted key to be refused; {status}");
        Assert.Equal((401, ""), (status, await client.ReadLineAsync()));

        async Task<int> SendAsync()
        {
            await client.Bytes.WriteAsync(Encoding.UTF8.GetBytes(Line(HubFixture.Fresh())));
            var answer = await client.ReadLineAsync();
            return System.Text.Json.JsonElement.Parse(answer).GetProperty("status").GetInt32();
        }
    }

    private static string Line(string reference, string padding = "") =>
        $$"""{"psp":"psp","psp_reference":"{{reference}}","account_id":"acme","amount":"1.00","currency":"KES"{{padding}}}""" + "\n";

    private async Task<string> NewKeyAsync() =>
        (await fixture.Hub.PostAsync("/v1/keys", new { name = HubFixture.Fresh(), scopes = new[] { "adapter" } })).Text("key")!;

    private Task<PlainStream> OpenAsync(string? key = null) =>
        PlainStream.OpenAsync(fixture.Hub.Url, key ?? fixture.Hub.Http.DefaultRequestHeaders.Authorization!.ToString());
}
