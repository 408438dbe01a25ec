using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MoMo.Domain.Deliveries;
using MoMo.Edge.Webhooks;
using MoMo.Tests.Edge.Webhooks;

namespace MoMo.Tests.Docs;

/// <summary>What the hub sends to a receiver, and what strangers may, in one of the two kinds of signature.</summary>
internal sealed class SnippetCases
{
    private static readonly WebhookSecret Secret = WebhookSecret.Make();
    private static readonly Ed25519Secret Pair = Ed25519Secret.Make();

    private readonly DateTimeOffset now = TimeProvider.System.GetUtcNow();
    private readonly bool ed25519;

    private SnippetCases(bool ed25519) => this.ed25519 = ed25519;

    private string Version => ed25519 ? "v1a," : "v1,";

    private string Now => now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    public static Task<IReadOnlyList<SnippetCase>> OfHmacAsync() => new SnippetCases(ed25519: false).AllAsync();

    public static Task<IReadOnlyList<SnippetCase>> OfEd25519Async() => new SnippetCases(ed25519: true).AllAsync();

    private async Task<IReadOnlyList<SnippetCase>> AllAsync()
    {
        var real = await DeliverAsync("a real delivery", now);
        var old = await DeliverAsync("ten minutes old", now.AddMinutes(-10), """{"note":".NOW.{}"}""".Replace("NOW", Now, StringComparison.Ordinal));
        var cut = Encoding.UTF8.GetString(old.Body!).Split($".{Now}.");
        return
        [
            real,
            await DeliverAsync("three minutes old", now.AddMinutes(-3)),
            old.But(old.Name),
            (await DeliverAsync("ten minutes early", now.AddMinutes(10))).But("ten minutes early"),
            real.But("a foreign key") with { Key = Show(WebhookSecret.Make(), Ed25519Secret.Make()) },
            real.But("another body") with { Body = [.. real.Body!, (byte)' '] },
            real.But("an empty body") with { Body = [] },
            real.But("another id") with { Id = real.Id![..^1] + "e" },
            real.But("another time") with { Timestamp = (now.ToUnixTimeSeconds() + 1).ToString(CultureInfo.InvariantCulture) },
            old.But("cut in other places") with { Id = $"{old.Id}.{old.Timestamp}.{cut[0]}", Timestamp = Now, Body = Encoding.UTF8.GetBytes(cut[1]) },
            real.But("no header at all") with { Id = null, Timestamp = null, Signatures = null },
            real.But("no id") with { Id = null },
            Signed(real, "an empty id", "", Now),
            real.But("an id of other letters") with { Id = "\u00e9" },
            real.But("no time") with { Timestamp = null },
            .. Times.Select(time => Signed(real, $"time {time.Name}", real.Id, time.Text)),
            real.But("no signature") with { Signatures = null },
            .. Fitting(real.Signatures!.Split(' ')[1]).Select(one => real with { Name = $"signature {one.Name}", Signatures = one.Text }),
            .. Unfitting(real.Signatures!.Split(' ')[1]).Select(one => real.But($"signature {one.Name}") with { Signatures = one.Text }),
        ];
    }

    // What is no time is signed with the right key, so that nothing but the time speaks against it.
    private (string Name, string Text)[] Times =>
    [
        ("empty", ""),
        ("of a raised digit", "\u00b2"),
        ("of a raised digit at the end", Now + "\u00b2"),
        ("of 400 digits", new('9', 400)),
        ("of 5,000 digits", new('9', 5_000)),
        ("of the largest number", "9223372036854775807"),
        ("of the smallest number", "-9223372036854775808"),
        ("below zero", "-1"),
        ("with a sign", "+" + Now),
        ("after a blank", " " + Now),
        ("before a line's end", Now + "\n"),
        ("with a fraction", Now + ".0"),
        ("with an exponent", "1e9"),
        ("that is no number", "NaN"),
        ("given twice", $"{Now}, {Now}"),
        ("in milliseconds", Now + "000"),
    ];

    private (string Name, string Text)[] Fitting(string right) =>
    [
        ("before another", $"{right} {Of(64)}"),
        ("after another", $"{Of(32)} {right}"),
        ("after other kinds and blanks", $"v2,x v1  v1, v1a, {right}"),
    ];

    private (string Name, string Text)[] Unfitting(string right) =>
    [
        ("empty", ""),
        ("blank", "  "),
        ("of a kind alone", Version),
        ("of a kind without its comma", Version[..^1]),
        ("without a kind", right[Version.Length..]),
        ("of another kind", (ed25519 ? "v1," : "v1a,") + right[Version.Length..]),
        ("of a kind in capitals", Version.ToUpperInvariant() + right[Version.Length..]),
        ("in capitals", Version + right[Version.Length..].ToUpperInvariant()),
        ("cut short", right[..^4]),
        ("of 0 bytes", Of(0)),
        ("of 31 bytes", Of(31)),
        ("of 32 bytes", Of(32)),
        ("of 33 bytes", Of(33)),
        ("of 64 bytes", Of(64)),
        ("of 3,000 bytes", Of(3_000)),
        ("of a letter too many bytes", Version + new string('\u00e9', right.Length - Version.Length)),
        ("of another letter", Version + "\u00e9"),
        ("of another letter alone", "\u00e9"),
        ("that is no base64", Version + "!!!!"),
        ("of padding", Version + "===="),
        ("two thousand times", string.Join(' ', Enumerable.Repeat(Version + "AAAA", 2_000))),
    ];

    private string Of(int length) => Version + Convert.ToBase64String(new byte[length]);

    private SnippetCase Signed(SnippetCase real, string name, string? id, string timestamp)
    {
        byte[] content = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. real.Body!];
        var signature = ed25519 ? Ed25519.Sign(Pair.Seed.ToArray(), content) : HMACSHA256.HashData(Secret.Key, content);
        return real.But(name) with { Id = id, Timestamp = timestamp, Signatures = Version + Convert.ToBase64String(signature) };
    }

    private async Task<SnippetCase> DeliverAsync(string name, DateTimeOffset at, string? body = null)
    {
        await using var receiver = await Receiver.StartAsync(200);
        using var webhook = new WebhookKind(Sending.Loopback(), new HeldClock(at));
        var message = Sending.Message(receiver.Url) with
        {
            Secrets = ed25519 ? [] : [WebhookSecret.Make().Key.ToArray(), Secret.Key.ToArray()],
            Seeds = ed25519 ? [Ed25519Secret.Make().Seed.ToArray(), Pair.Seed.ToArray()] : [],
            Body = body is null ? Sending.Body : Encoding.UTF8.GetBytes(body),
        };
        Assert.Equal(AttemptVerdict.Delivered, (await webhook.SendAsync(message, CancellationToken.None)).Verdict);
        var got = Assert.Single(receiver.Requests);
        return new(name, true, Show(Secret, Pair), got.Header("webhook-id"), got.Header("webhook-timestamp"), got.Header("webhook-signature"), got.Body);
    }

    private string Show(WebhookSecret secret, Ed25519Secret pair) =>
        ed25519 ? Ed25519Secret.PublicPrefix + Convert.ToBase64String(Ed25519.PublicKey(pair.Seed.ToArray())) : secret.Show();
}
