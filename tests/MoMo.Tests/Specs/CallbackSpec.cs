using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MoMo.Domain;
using MoMo.Domain.Callbacks;
using MoMo.Domain.Files;
using MoMo.Edge.Psps;
using MoMo.Tests.Support;

namespace MoMo.Tests.Specs;

/// <summary>
/// What every PSP that calls back keeps to, over HTTP against the real silo: right, wrong and missing signatures, stale ones, changed bytes, repeats,
/// changed amounts, rotated credentials, and answers in the PSP's own words. A PSP is a subclass that says how its messages look.
/// </summary>
public abstract class CallbackSpec(HubFixture fixture) : IClassFixture<HubFixture>
{
    private const int Mutations = 500;

    private static readonly DateTimeOffset Now = new(2026, 3, 14, 12, 0, 0, TimeSpan.Zero);

    /// <summary>The format's name.</summary>
    protected abstract string Format { get; }

    /// <summary>The adapter's settings; its addresses are the test's own.</summary>
    protected virtual Dictionary<string, object> Settings => [];

    /// <summary>The credential that signs; null when the PSP signs nothing.</summary>
    protected virtual string? Credential => null;

    /// <summary>Whether the signature covers the body.</summary>
    protected virtual bool SignsBody => Credential is not null;

    /// <summary>Whether a signature ages.</summary>
    protected virtual bool Ages => false;

    /// <summary>Whether the message is money; else it is noted as this kind.</summary>
    protected virtual string? Notice => null;

    /// <summary>What the adapter's address is followed by.</summary>
    protected virtual string Path => "";

    protected virtual HttpMethod Method => HttpMethod.Post;

    protected virtual string MediaType => "application/json";

    /// <summary>A message of 1,250 of some currency for account acme.</summary>
    protected abstract string Message(string id, string amount = "1250");

    /// <summary>Headers, and the body as it is sent once it is signed.</summary>
    protected virtual (Dictionary<string, string> Headers, string Body) Sign(string body, string secret, DateTimeOffset at) => ([], body);

    /// <summary>What the PSP is answered: status and a part of the body.</summary>
    protected virtual (int Status, string Part) Words(CallbackVerdict verdict) => verdict switch
    {
        CallbackVerdict.Refused => (400, ""),
        CallbackVerdict.Forbidden => (401, ""),
        _ => (200, ""),
    };

    private HubClient Hub => fixture.Hub;

    [Fact]
    public async Task A_message_is_taken_answered_in_the_PSPs_words_and_repeated_without_effect()
    {
        var adapter = await AddAsync("s1");
        var body = Message(HubFixture.Fresh());
        await ExpectAsync(adapter, CallbackVerdict.Accepted, body, "s1");
        await ExpectAsync(adapter, CallbackVerdict.Repeat, body, "s1");
        if (Notice is null)
        {
            Assert.Equal(1, await CountAsync($"payments WHERE psp_id = '{adapter.Id}' AND account_id = 'acme'"));
        }
        else
        {
            Assert.Equal(0, await CountAsync($"payments WHERE psp_id = '{adapter.Id}'"));
            Assert.Equal(1, await CountAsync($"message_notices WHERE adapter_id = '{adapter.Id}' AND kind = '{Notice}'"));
            var message = Assert.Single((await Hub.GetAsync($"/v1/messages?adapter={adapter.Id}")).Json.GetProperty("items").EnumerateArray());
            Assert.Equal(Notice, message.GetProperty("why").GetString());
        }
    }

    [Fact]
    public async Task Who_opens_the_address_in_a_browser_is_not_the_PSP()
    {
        if (Method == HttpMethod.Get) return;
        var adapter = await AddAsync("s1");
        using var stranger = fixture.Silo.As(null);
        foreach (var path in (string[])[adapter.Path, $"{adapter.Path}/confirmation?{Uri.EscapeDataString(Message(HubFixture.Fresh()))}", adapter.Path[3..]])
        {
            var answer = await stranger.GetAsync(path);
            Assert.Equal((405, "method-not-allowed", "POST, PUT"), (answer.Status, answer.Text("code"), answer.Headers["Allow"]));
            Assert.Equal(404, (await stranger.GetAsync(path.Replace(adapter.Id, "c-none", StringComparison.Ordinal))).Status);
        }

        Assert.Equal(0, await CountAsync($"kept_messages WHERE adapter_id = '{adapter.Id}'"));
        Assert.Equal("new", (await Hub.GetAsync($"/v1/adapters/{adapter.Id}")).Text("state"));
    }

    [Fact]
    public async Task A_repeat_with_another_amount_changes_nothing_and_is_kept()
    {
        if (Notice is not null) return; // It names no amount.
        var adapter = await AddAsync("s1");
        var id = HubFixture.Fresh();
        await ExpectAsync(adapter, CallbackVerdict.Accepted, Message(id), "s1");
        await ExpectAsync(adapter, CallbackVerdict.Differs, Message(id, "9250"), "s1");
        Assert.Equal(1, await CountAsync($"payments WHERE psp_id = '{adapter.Id}'"));
        Assert.Equal(1, await CountAsync($"kept_messages WHERE adapter_id = '{adapter.Id}' AND why = 'payment-differs' AND payment_id IS NOT NULL"));
    }

    [Fact]
    public async Task Who_does_not_sign_right_moves_nothing_and_is_kept()
    {
        if (Credential is null) return;
        var adapter = await AddAsync("s1");
        await ExpectAsync(adapter, CallbackVerdict.Forbidden, Message(HubFixture.Fresh()), "wrong", "signature-wrong");
        await ExpectAsync(adapter, CallbackVerdict.Forbidden, Message(HubFixture.Fresh()), null, "signature-missing");
        if (SignsBody) await ExpectChangedAsync(adapter);
        if (Ages) await ExpectAsync(adapter, CallbackVerdict.Forbidden, Message(HubFixture.Fresh()), "s1", "signature-stale", TimeSpan.FromDays(-400));
        if (Ages) await ExpectAsync(adapter, CallbackVerdict.Forbidden, Message(HubFixture.Fresh()), "s1", "signature-stale", TimeSpan.FromDays(400));
        Assert.Equal(0, await CountAsync($"payments WHERE psp_id = '{adapter.Id}'"));
        Assert.Equal(0, await CountAsync($"message_notices WHERE adapter_id = '{adapter.Id}'"));
    }

    [Fact]
    public async Task An_adapter_without_its_credential_believes_nobody()
    {
        if (Credential is null || CredentialIsOptional) return;
        var adapter = await AddAsync(null);
        await ExpectAsync(adapter, CallbackVerdict.Forbidden, Message(HubFixture.Fresh()), "s1", "credential-missing");
    }

    [Fact]
    public async Task A_credential_that_is_rotated_stays_valid_for_the_stated_time()
    {
        if (Credential is not { } name) return;
        var adapter = await AddAsync("s1");
        await SetAsync(adapter, new { credentials = new Dictionary<string, string> { [name] = "s2" } });
        await ExpectAsync(adapter, CallbackVerdict.Accepted, Message(HubFixture.Fresh()), "s1");
        await ExpectAsync(adapter, CallbackVerdict.Accepted, Message(HubFixture.Fresh()), "s2");
        await SetAsync(adapter, new { credentials = new Dictionary<string, string> { [name] = "s3" }, credential_overlap_seconds = 0 });
        await ExpectAsync(adapter, CallbackVerdict.Forbidden, Message(HubFixture.Fresh()), "s2", "signature-wrong");
        // Its day is not over, but the last word counts.
        await ExpectAsync(adapter, CallbackVerdict.Forbidden, Message(HubFixture.Fresh()), "s1", "signature-wrong");
        await ExpectAsync(adapter, CallbackVerdict.Accepted, Message(HubFixture.Fresh()), "s3");
    }

    [Fact]
    public async Task What_can_not_be_read_is_kept_and_refused()
    {
        var adapter = await AddAsync("s1");
        var whole = Message(HubFixture.Fresh());
        var torn = Torn(whole);
        var answer = await SendAsync(adapter, torn, "s1", TimeSpan.Zero);
        var verdict = Credential is not null && !SignsTorn ? CallbackVerdict.Forbidden : CallbackVerdict.Refused;
        AssertWords(verdict, answer);
        Assert.Equal(1, await CountAsync($"kept_messages WHERE adapter_id = '{adapter.Id}'"));
        Assert.Equal(0, await CountAsync($"payments WHERE psp_id = '{adapter.Id}'"));
    }

    [Fact]
    public async Task A_stranger_finds_nothing_and_what_he_knew_the_secret_for_is_kept()
    {
        var adapter = await AddAsync("s1");
        var far = await AddAsync("s1", "192.0.2.1");
        Assert.Equal(404, (await SendAsync(adapter with { Path = $"{adapter.Path}x" }, Message("x"), "s1", TimeSpan.Zero)).Status);
        Assert.Equal(404, (await SendAsync(far, Message(HubFixture.Fresh()), "s1", TimeSpan.Zero)).Status);
        Assert.Equal(0, await CountAsync($"kept_messages WHERE adapter_id = '{adapter.Id}'"));
        Assert.Equal(1, await CountAsync($"kept_messages WHERE adapter_id = '{far.Id}' AND why = 'address-refused'"));
        Assert.Equal(0, await CountAsync($"payments WHERE psp_id = '{far.Id}'"));
    }

    [Fact]
    public void A_busy_hub_does_not_say_that_it_took_the_message()
    {
        var format = CallbackFormats.All.Single(one => one.Name == Format);
        var message = new CallbackMessage(Method.Method, Path, new Dictionary<string, string>(), Encoding.UTF8.GetBytes(Sign(Message("F1"), "s1", Now).Body), Now);
        var (taken, busy) = (format.Answer(message, new(CallbackVerdict.Accepted)), format.Answer(message, new(CallbackVerdict.Busy)));
        Assert.Equal(taken, format.Answer(message, new(CallbackVerdict.Repeat)));
        Assert.NotEqual(taken, busy);
        Assert.True(busy.Status == 503 || busy.Body != taken.Body, "The PSP would not send it again.");
    }

    [Fact]
    public void What_only_serves_to_ask_is_not_needed_for_a_message()
    {
        var format = CallbackFormats.All.Single(one => one.Name == Format);
        var (headers, body) = Sign(Message("F1"), "s1", Now);
        var message = new CallbackMessage(
            Method.Method, Path, new Dictionary<string, string>(headers, StringComparer.OrdinalIgnoreCase), Encoding.UTF8.GetBytes(body), Now);
        var (all, some) = (Look(format.Credentials), Look(format.Credentials.Where(kind => !kind.AsksOnly)));
        Assert.Equal(all, some);
        Assert.DoesNotContain("signature", all, StringComparison.Ordinal);

        string Look(IEnumerable<CredentialKind> kinds)
        {
            var source = new CallbackSource(
                "psp", "a", Mode.Live, JsonSerializer.SerializeToElement(Settings), new OpenCredentials(kinds.Select(kind => (kind.Name, "s1"))));
            return $"{format.Check(message, source)?.Code} {string.Join(' ', format.Read(message, source))}";
        }
    }

    [Fact]
    public void No_message_makes_the_format_fail()
    {
        var format = CallbackFormats.All.Single(one => one.Name == Format);
        var settings = JsonSerializer.SerializeToElement(Settings);
        var secrets = Credential is null ? OpenCredentials.None : new OpenCredentials([(Credential, "s1")]);
        var source = new CallbackSource("psp", "a", Mode.Live, settings, secrets);
        var (headers, whole) = Sign(Message("F1"), "s1", Now);
        for (var seed = 0; seed <= Mutations; seed++)
        {
            var chance = new Random(seed);
            var bytes = Encoding.UTF8.GetBytes(whole);
            for (var blow = seed == 0 ? 0 : chance.Next(1, 6); blow > 0; blow--) bytes[chance.Next(bytes.Length)] = (byte)chance.Next(256);
            if (chance.Next(4) == 0) bytes = bytes[..chance.Next(bytes.Length)];
            var message = new CallbackMessage(Method.Method, Path, new Dictionary<string, string>(headers, StringComparer.OrdinalIgnoreCase), bytes, Now);
            format.Check(message, source);
            Assert.NotEmpty(format.Read(message, source));
            foreach (var verdict in Enum.GetValues<CallbackVerdict>()) Assert.InRange(format.Answer(message, new CallbackOutcome(verdict)).Status, 200, 599);
            if (format is IStatusFormat status) Assert.NotEmpty(status.ReadStatus(bytes, source));
        }
    }

    /// <summary>Whether messages are taken unsigned while the credential is not set.</summary>
    protected virtual bool CredentialIsOptional => false;

    /// <summary>Whether a body that is cut off can be signed: not when the signature is in it.</summary>
    protected virtual bool SignsTorn => SignsBody;

    /// <summary>A body that can't be read.</summary>
    protected virtual string Torn(string whole) => whole[..(whole.Length / 2)];

    private async Task ExpectChangedAsync(Callee adapter)
    {
        var (headers, body) = Sign(Message(HubFixture.Fresh()), "s1", DateTimeOffset.FromUnixTimeSeconds(Clock().ToUnixTimeSeconds()));
        var changed = body.Replace("1250", "9250", StringComparison.Ordinal);
        if (changed == body) changed = body.Replace("MP2603", "MP2604", StringComparison.Ordinal); // no amount in it
        if (changed == body) changed = body.Replace("COMPLETED", "COMPLETER", StringComparison.Ordinal);
        Assert.NotEqual(body, changed);
        AssertWords(CallbackVerdict.Forbidden, await PostAsync(adapter, changed, headers));
    }

    private async Task ExpectAsync(
        Callee adapter, CallbackVerdict verdict, string body, string? secret, string? why = null, TimeSpan age = default)
    {
        var (headers, signed) = secret is null ? ([], Bare(body)) : Sign(body, secret, Clock() + age);
        AssertWords(verdict, await PostAsync(adapter, signed, headers));
        if (why is null) return;
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(signed)));
        Assert.Equal(1, await CountAsync($"kept_messages WHERE sha256 = '\\x{sha256}' AND why = '{why}' AND adapter_id = '{adapter.Id}'"));
    }

    /// <summary>The message as somebody without a secret sends it.</summary>
    protected virtual string Bare(string body) => body;

    private void AssertWords(CallbackVerdict verdict, HubAnswer answer)
    {
        var (status, part) = Words(verdict);
        Assert.True(answer.Status == status, $"{verdict}: {answer}");
        Assert.Contains(part, answer.ToString(), StringComparison.Ordinal);
    }

    private Task<HubAnswer> SendAsync(Callee adapter, string body, string secret, TimeSpan age)
    {
        var (headers, signed) = Sign(body, secret, Clock() + age);
        return PostAsync(adapter, signed, headers);
    }

    private async Task<HubAnswer> PostAsync(Callee adapter, string body, Dictionary<string, string> headers)
    {
        using var stranger = fixture.Silo.As(null);
        var url = Path.Length == 0 ? adapter.Path : $"{adapter.Path}/{Path}";
        using var request = new HttpRequestMessage(Method, Method == HttpMethod.Get ? $"{url}?{body}" : url);
        if (Method != HttpMethod.Get)
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = new MediaTypeHeaderValue(MediaType) } };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var response = await stranger.Http.SendAsync(request);
        return new HubAnswer((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(), new Dictionary<string, string>());
    }

    private async Task<Callee> AddAsync(string? secret, string address = "127.0.0.0/8")
    {
        var id = $"c-{HubFixture.Fresh().ToLowerInvariant()}";
        await Hub.AddPspAsync(id);
        var settings = new Dictionary<string, object>(Settings) { ["addresses"] = new[] { address } };
        var credentials = Credential is null || secret is null ? null : new Dictionary<string, string> { [Credential] = secret };
        var made = await Hub.PostAsync("/v1/adapters", JsonSerializer.Serialize(new { id, name = id, psp = id, format = Format, settings, credentials }));
        Assert.True(made.Status == 201, made.ToString());
        return new Callee(id, made.Text("callback_path")!, settings);
    }

    private async Task SetAsync(Callee adapter, object change)
    {
        var fields = JsonSerializer.SerializeToNode(new { name = adapter.Id, psp = adapter.Id, format = Format, settings = adapter.Settings })!.AsObject();
        foreach (var (name, value) in JsonSerializer.SerializeToNode(change)!.AsObject().ToList()) fields[name] = value?.DeepClone();
        var answer = await Hub.PutAsync($"/v1/adapters/{adapter.Id}", fields.ToJsonString());
        Assert.True(answer.Status == 200, answer.ToString());
    }

    private static DateTimeOffset Clock() => TimeProvider.System.GetUtcNow();

    private Task<long> CountAsync(string condition) => fixture.CountAsync(condition);

    private sealed record Callee(string Id, string Path, Dictionary<string, object> Settings);
}
