using Microsoft.Extensions.DependencyInjection;
using MoMo.Silo.Api;
using MoMo.Storage.Requests;
using MoMo.Tests.Support;
using Npgsql;

namespace MoMo.Tests.Api;

public sealed class IdempotencyTests(HubHost host) : IClassFixture<HubHost>
{
    private static int made;

    [Fact]
    public async Task A_request_that_is_sent_again_under_its_key_is_answered_as_before_and_not_done_again()
    {
        var (name, spec) = (Fresh(), Key(Fresh()));
        var first = (await SendAsync(host.Admin, name, spec)).MustBe(201);
        var again = (await SendAsync(host.Admin, name, spec)).MustBe(201);
        Assert.Equal(first.Text, again.Text);
        Assert.Equal(first.Message.Headers.Location, again.Message.Headers.Location);
        Assert.Equal(first.Message.Headers.ETag, again.Message.Headers.ETag);
        Assert.Equal(first.Message.Content.Headers.ContentType, again.Message.Content.Headers.ContentType);
        Assert.False(first.Message.Headers.Contains(IdempotencyMiddleware.ReplayedHeader));
        Assert.Equal("true", again.Message.Headers.GetValues(IdempotencyMiddleware.ReplayedHeader).Single());
        Assert.True(again.Message.Headers.CacheControl!.NoStore);
        // As the draft writes it, a quoted string.
        Assert.Equal(first.Text, (await SendAsync(host.Admin, $"\"{name}\"", spec)).MustBe(201).Text);
        Assert.Equal(1, await CountAsync($"SELECT count(*) FROM api_keys WHERE name = '{spec.name}'"));
    }

    [Fact]
    public async Task What_is_kept_shows_no_secret()
    {
        var (name, spec) = (Fresh(), Key(Fresh()));
        var secret = (await SendAsync(host.Admin, name, spec)).MustBe(201).Field("key")!;
        var kept = await Sql.AskAsync<string>(host.Database.AppConnectionString, $"SELECT answer FROM named_requests WHERE name = '{name}'");
        Assert.StartsWith("v1:", kept, StringComparison.Ordinal);
        Assert.DoesNotContain(secret[^43..], kept, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_of_many_at_once_is_done()
    {
        var (name, spec) = (Fresh(), Key(Fresh()));
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => SendAsync(host.Admin, name, spec)));
        var done = answers.Where(one => (int)one.Status == 201).ToList();
        Assert.NotEmpty(done);
        Assert.Single(done.Select(one => one.Text).Distinct());
        foreach (var other in answers.Except(done)) Assert.Equal(1, other.MustBe(409, "idempotency-key-busy").Message.Headers.RetryAfter!.Delta!.Value.TotalSeconds);
        Assert.Equal(1, await CountAsync($"SELECT count(*) FROM api_keys WHERE name = '{spec.name}'"));
        Assert.Equal(done[0].Text, (await SendAsync(host.Admin, name, spec)).MustBe(201).Text);
    }

    [Fact]
    public async Task A_key_stands_for_one_request_of_one_caller()
    {
        var (name, spec) = (Fresh(), Key(Fresh()));
        var first = (await SendAsync(host.Admin, name, spec)).MustBe(201);
        (await SendAsync(host.Admin, name, Key(Fresh()))).MustBe(422, "idempotency-key-reused");
        (await SendAsync(host.Admin, name, spec, "/v1/psps")).MustBe(422, "idempotency-key-reused");
        using var other = await host.ClientAsync("admin");
        Assert.NotEqual(first.Text, (await SendAsync(other, name, Key(Fresh()))).MustBe(201).Text);
    }

    [Fact]
    public async Task What_was_refused_was_not_done_and_frees_its_key()
    {
        var (name, spec) = (Fresh(), Key(Fresh()));
        (await SendAsync(host.Admin, name, new { spec.name })).MustBe(422, "scopes-missing");
        (await SendAsync(host.Admin, name, spec)).MustBe(201);
    }

    [Theory]
    [InlineData("{\"name\":", "malformed-json")]
    [InlineData("", "malformed-json")]
    public async Task What_could_not_be_read_frees_its_key(string body, string code)
    {
        var name = Fresh();
        (await SendAsync(host.Admin, name, body)).MustBe(400, code);
        (await SendAsync(host.Admin, name, body)).MustBe(400, code);
        (await SendAsync(host.Admin, name, Key(Fresh()))).MustBe(201);
    }

    [Fact]
    public async Task A_long_answer_is_kept_too()
    {
        (await host.AsAdminAsync("POST", "/v1/psps", new { id = "long", name = "Long" })).MustBe(201);
        var rules = new[] { new { rule = "shortcode", accounts = Enumerable.Range(0, 7_000).ToDictionary(n => $"{n:D9}", n => $"konto-<{n}>") } };
        var (name, spec) = (Fresh(), new { id = "long", name = "Long", psp = "long", format = "json", rules });
        var first = (await SendAsync(host.Admin, name, spec, "/v1/adapters")).MustBe(201);
        Assert.True(first.Text.Length > 100_000);
        Assert.Equal(first.Text, (await SendAsync(host.Admin, name, spec, "/v1/adapters")).MustBe(201).Text);
    }

    [Fact]
    public async Task What_nobody_knows_the_end_of_is_not_done_twice()
    {
        var (name, spec) = (Fresh(), Key(Fresh()));
        (await SendAsync(host.Admin, name, spec)).MustBe(201);
        await ExecuteAsync($"UPDATE named_requests SET status = NULL, answer = NULL WHERE name = '{name}'");
        (await SendAsync(host.Admin, name, spec)).MustBe(409, "idempotency-key-busy");
        await ExecuteAsync($"UPDATE named_requests SET begun_at = begun_at - interval '3 minutes' WHERE name = '{name}'");
        (await SendAsync(host.Admin, name, spec)).MustBe(409, "idempotency-key-lost");
        await ExecuteAsync($"UPDATE named_requests SET status = 201, answer = 'v1:gone:AAAA' WHERE name = '{name}'");
        (await SendAsync(host.Admin, name, spec)).MustBe(409, "idempotency-key-lost");
        Assert.Equal(1, await CountAsync($"SELECT count(*) FROM api_keys WHERE name = '{spec.name}'"));
    }

    [Fact]
    public async Task A_request_whose_caller_hangs_up_is_done_to_its_end_and_its_answer_kept()
    {
        var (name, spec) = (Fresh(), new { id = Fresh(), name = Fresh() });
        await using var looking = await Sql.OpenAsync(host.Database.OwnerConnectionString);
        await using (await HeldLock.TakeAsync(host.Database.OwnerConnectionString, "LOCK TABLE psps IN SHARE MODE"))
        {
            using var hangingUp = new CancellationTokenSource();
            var first = SendAsync(host.Admin, name, spec, "/v1/psps", hangingUp.Token);
            await Eventually.TrueAsync(async () => await WaitingAsync() == 1, () => "the request to wait in the database");
            await hangingUp.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
            // That it was cut off would show soon.
            var looks = 0;
            await Eventually.TrueAsync(async () => await WaitingAsync() != 1 || ++looks == 20, () => "a while to go by");
            Assert.Equal(1, await WaitingAsync());
        }

        Answered? again = null;
        await Eventually.TrueAsync(async () => (int)(again = await SendAsync(host.Admin, name, spec, "/v1/psps")).Status != 409, () => "an end");
        again!.MustBe(201);
        Assert.Equal("true", again.Message.Headers.GetValues(IdempotencyMiddleware.ReplayedHeader).Single());
        Assert.Equal(1, await CountAsync($"SELECT count(*) FROM psps WHERE id = '{spec.id}'"));

        async Task<long> WaitingAsync()
        {
            await using var look = new NpgsqlCommand($"SELECT count(*) {HeldLock.Waiting("psps")}", looking);
            return (long)(await look.ExecuteScalarAsync())!;
        }
    }

    [Fact]
    public void A_key_is_freed_when_the_database_was_never_reached_and_only_then()
    {
        Exception? Fault(string settings, string sql)
        {
            using var pool = NpgsqlDataSource.Create($"{host.Database.AppConnectionString};Maximum Pool Size=1;Timeout=1;Command Timeout=1{settings}");
            using var held = settings.Length == 0 && sql.Length == 0 ? pool.OpenConnection() : null;
            return Record.Exception(() =>
            {
                using var command = pool.CreateCommand(sql.Length == 0 ? "SELECT 1" : sql);
                command.ExecuteScalar();
            });
        }

        foreach (var (fault, nothing) in ((Exception?, bool)[])[(Fault("", ""), true), (Fault(";Host=127.0.0.1;Port=1", ""), true), (Fault("", "SELECT pg_sleep(30)"), false)])
        {
            var met = Assert.IsAssignableFrom<NpgsqlException>(fault);
            Assert.True(IdempotencyMiddleware.DidNothing(met) == nothing, met.ToString());
        }
    }

    [Fact]
    public async Task A_name_is_forgotten_after_a_week()
    {
        var old = Fresh();
        (await SendAsync(host.Admin, old, Key(Fresh()))).MustBe(201);
        await ExecuteAsync($"UPDATE named_requests SET begun_at = begun_at - interval '169 hours' WHERE name = '{old}'");
        var young = Fresh();
        (await SendAsync(host.Admin, young, Key(Fresh()))).MustBe(201);
        await host.Services.GetRequiredService<NamedRequestStore>().ForgetAsync(CancellationToken.None);
        Assert.Equal(0, await CountAsync($"SELECT count(*) FROM named_requests WHERE name = '{old}'"));
        Assert.Equal(1, await CountAsync($"SELECT count(*) FROM named_requests WHERE name = '{young}'"));
    }

    [Fact]
    public async Task What_a_key_asked_for_goes_with_it()
    {
        var mine = await host.NewKeyAsync("admin");
        using var own = host.Client(mine.GetProperty("key").GetString());
        var name = Fresh();
        (await SendAsync(own, name, Key(Fresh()))).MustBe(201);
        (await host.AsAdminAsync("DELETE", $"/v1/keys/{mine.GetProperty("id").GetString()}")).MustBe(204);
        Assert.Equal(0, await CountAsync($"SELECT count(*) FROM named_requests WHERE name = '{name}'"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("256")]
    public async Task A_key_that_is_none_is_refused(string name)
    {
        var spec = Key(Fresh());
        (await SendAsync(host.Admin, name == "256" ? new string('a', 256) : name, spec)).MustBe(400, "idempotency-key-malformed");
        Assert.Equal(0, await CountAsync($"SELECT count(*) FROM api_keys WHERE name = '{spec.name}'"));
    }

    [Fact]
    public async Task A_body_that_is_too_long_is_refused_as_ever() =>
        (await SendAsync(host.Admin, Fresh(), $$"""{"name":"{{new string('a', 300_000)}}"}""")).MustBe(413, "body-too-large");

    private static string Fresh() => $"request-{Interlocked.Increment(ref made)}";

    private static KeyBody Key(string name) => new(name, ["adapter"]);

    private static async Task<Answered> SendAsync(HttpClient client, string name, object body, string path = "/v1/keys", CancellationToken cancellation = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Content = new StringContent(body as string ?? System.Text.Json.JsonSerializer.Serialize(body), System.Text.Encoding.UTF8, "application/json");
        request.Headers.TryAddWithoutValidation(IdempotencyMiddleware.Header, name);
        return await Answered.ReadAsync(await client.SendAsync(request, cancellation));
    }

    private Task<long> CountAsync(string sql) => Sql.AskAsync<long>(host.Database.AppConnectionString, sql);

    private Task ExecuteAsync(string sql) => Sql.DoAsync(host.Database.AppConnectionString, sql);

    private sealed record KeyBody(string name, string[] scopes);
}
