using System.Globalization;
using MoMo.Tests.Edge.Webhooks;
using MoMo.Tests.Support;

namespace MoMo.Tests.Api;

/// <summary>A destination that signs with ed25519 gets another pair: what its account is shown, and what it is sent.</summary>
public sealed class PairRotationTests(HeldHubHost host) : IClassFixture<HeldHubHost>
{
    private const string Destination = "/v1/accounts/acme/destinations/d";

    [Fact]
    public async Task Both_pairs_sign_and_are_shown_for_a_day_and_then_there_may_be_another()
    {
        await using var receiver = await Receiver.StartAsync(200);
        (await host.AsAdminAsync("POST", "/v1/psps", new { id = "psp", name = "PSP" })).MustBe(201);
        (await host.AsAdminAsync("POST", "/v1/accounts", new { id = "acme", name = "Acme" })).MustBe(201);
        var made = (await host.AsAdminAsync("POST", "/v1/accounts/acme/destinations", new { id = "d", url = receiver.Url, signing = "v1a" })).MustBe(201);
        var old = made.Field("public_key")!;
        Assert.Equal((null, null), (made.Field("secret"), made.Field("old_public_key")));

        var rotated = (await host.AsAdminAsync("POST", $"{Destination}/rotate")).MustBe(200);
        var renewed = rotated.Field("public_key")!;
        Assert.NotEqual(old, renewed);
        Assert.Null(rotated.Field("secret"));
        (await host.AsAdminAsync("POST", $"{Destination}/rotate")).MustBe(409, "rotation-running");
        Assert.Equal((renewed, old, host.Clock.GetUtcNow() + TimeSpan.FromHours(24)), await ShownAsync());
        Assert.Equal([renewed, old], await SignersAsync(receiver, "R1", old, renewed));

        host.Clock.Advance(TimeSpan.FromHours(24) + TimeSpan.FromSeconds(1));
        Assert.Equal((renewed, null, null), await ShownAsync());
        Assert.Equal([renewed], await SignersAsync(receiver, "R2", old, renewed));

        var next = (await host.AsAdminAsync("POST", $"{Destination}/rotate")).MustBe(200).Field("public_key")!;
        Assert.Equal((next, renewed, host.Clock.GetUtcNow() + TimeSpan.FromHours(24)), await ShownAsync());
        Assert.Equal([next, renewed], await SignersAsync(receiver, "R3", old, renewed, next));
    }

    private async Task<(string? Key, string? Old, DateTimeOffset? Until)> ShownAsync()
    {
        var shown = (await host.AsAdminAsync("GET", Destination)).MustBe(200);
        DateTimeOffset? until = shown.Field("rotation_until") is { } text ? DateTimeOffset.Parse(text, CultureInfo.InvariantCulture) : null;
        return (shown.Field("public_key"), shown.Field("old_public_key"), until);
    }

    /// <summary>Pays, and waits until the account is told.</summary>
    /// <returns>Whose the signatures are, in their order.</returns>
    private async Task<IEnumerable<string>> SignersAsync(Receiver receiver, string pspReference, params string[] keys)
    {
        var before = receiver.Requests.Length;
        (await host.AsAdminAsync("POST", "/v1/payments", new { psp = "psp", psp_reference = pspReference, account_id = "acme", amount = "10.00", currency = "KES" }))
            .MustBe(201);
        await Eventually.TrueAsync(() => receiver.Requests.Length > before, () => "the webhook");
        var request = receiver.Requests[before];
        return request.Header("webhook-signature").Split(' ').Select(one => Assert.Single(keys, key => PairSignature.IsOf(request, one, key)));
    }
}
