using MoMo.Domain.Deliveries;
using MoMo.Engine;
using MoMo.Storage.Management;

namespace MoMo.Tests.Deliveries;

/// <summary>How long the secret before signs, too, on a real database and a held clock.</summary>
public sealed class RotationTests
{
    private static readonly Ids Ids = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Both_secrets_sign_for_a_day_and_after_it_only_the_new_one(bool pair)
    {
        var (old, renewed, next) = (Make(pair), Make(pair), Make(pair));
        await using var rig = await DeliveryRig.StartSignedAsync(old);
        Assert.Equal([Key(old)], await SignersAsync(rig, "R1", pair));

        var rotated = await RotateAsync(rig, renewed, pair);
        Assert.Equal(old.PublicKey, rotated.Accepted!.OldPublicKey);
        Assert.Equal([Key(renewed), Key(old)], await SignersAsync(rig, "R2", pair));
        rig.Advance(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1));
        Assert.Equal([Key(renewed), Key(old)], await SignersAsync(rig, "R3", pair));
        Assert.Equal("rotation-running", (await RotateAsync(rig, next, pair)).Refused?.Code);

        rig.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal([Key(renewed)], await SignersAsync(rig, "R4", pair));
        Assert.Equal(renewed.PublicKey, (await RotateAsync(rig, next, pair)).Accepted!.OldPublicKey);
        Assert.Equal([Key(next), Key(renewed)], await SignersAsync(rig, "R5", pair));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_that_nobody_got_to_see_is_taken_back_while_it_runs(bool pair)
    {
        var (old, lost) = (Make(pair), Make(pair));
        await using var rig = await DeliveryRig.StartSignedAsync(old);
        Assert.Equal("rotation-over", (await UndoAsync(rig)).Refused?.Code);
        Assert.NotNull((await RotateAsync(rig, lost, pair)).Accepted);
        var back = (await UndoAsync(rig)).Accepted!;
        Assert.Equal((old.PublicKey, null, null), (back.PublicKey, back.OldPublicKey, back.OldSecretUntil));
        Assert.Equal([Key(old)], await SignersAsync(rig, "R1", pair));

        Assert.NotNull((await RotateAsync(rig, lost, pair)).Accepted);
        rig.Advance(TimeSpan.FromHours(24) + TimeSpan.FromSeconds(1));
        Assert.Equal("rotation-over", (await UndoAsync(rig)).Refused?.Code);
        Assert.Equal([Key(lost)], await SignersAsync(rig, "R2", pair));
    }

    private static Task<Outcome<DestinationRow>> UndoAsync(DeliveryRig rig) => rig.Rotation.UndoAsync("a0", "hook", CancellationToken.None);

    private static NewSecret Make(bool pair) => pair ? new NewSecret(Ed25519Secret.Make().Show(), $"whpk_{Ids.Next()}") : NewSecret.Hmac();

    private static string Key(NewSecret secret) => Convert.ToBase64String(
        Ed25519Secret.IsOne(secret.Text) ? Ed25519Secret.Parse(secret.Text).Seed : WebhookSecret.Parse(secret.Text).Accepted!.Key);

    private static Task<Outcome<DestinationRow>> RotateAsync(DeliveryRig rig, NewSecret secret, bool pair) => rig.Rotation.BeginAsync(
        "a0", "hook",
        isPair =>
        {
            Assert.Equal(pair, isPair);
            return secret;
        },
        CancellationToken.None);

    /// <summary>Pays, and delivers what comes of it.</summary>
    /// <returns>The keys that it was to be signed with.</returns>
    private static async Task<IEnumerable<string>> SignersAsync(DeliveryRig rig, string pspReference, bool pair)
    {
        await rig.PayAsync(pspReference);
        var attempt = await rig.Receiver.NextAsync();
        attempt.Deliver();
        await rig.RestedAsync(); // who has the lane next reads its secrets anew
        Assert.Empty(pair ? attempt.Message.Secrets : attempt.Message.Seeds);
        return (pair ? attempt.Message.Seeds : attempt.Message.Secrets).Select(Convert.ToBase64String);
    }
}
