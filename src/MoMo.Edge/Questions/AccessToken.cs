using System.Globalization;
using System.Text.Json;
using MoMo.Edge.Psps;
using MoMo.Engine;

namespace MoMo.Edge.Questions;

/// <summary>A token that a PSP gave.</summary>
/// <param name="Text">The token.</param>
/// <param name="GoodUntil">When it is no longer used: a little before it runs out.</param>
internal sealed record AccessToken(string Text, DateTimeOffset GoodUntil)
{
    private const int LengthMax = 8_192;

    // Pesapal's, the shortest that is known.
    private static readonly TimeSpan LifetimeDefault = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LifetimeMax = TimeSpan.FromHours(24);

    /// <summary>Reads the PSP's answer.</summary>
    public static Outcome<AccessToken> Read(ReadOnlyMemory<byte> body, DateTimeOffset now)
    {
        if (MessageJson.Parse(body, "The answer").Accepted is not { } fields) return Unusable("is not JSON that can be trusted");
        var text = Whole(fields, "access_token") ?? Whole(fields, "token");
        if (text is not { Length: > 0 and <= LengthMax } || text.AsSpan().ContainsAnyExceptInRange('!', '~')) return Unusable("holds no token");
        var lifetime = Lifetime(fields, now);
        if (lifetime <= TimeSpan.Zero) return Unusable("holds a token that has run out");
        if (lifetime > LifetimeMax) lifetime = LifetimeMax;
        // Asked with while it runs out it would be refused.
        return new AccessToken(text, now + lifetime * 0.9);
    }

    /// <inheritdoc/>
    public override string ToString() => $"token until {GoodUntil:O}";

    private static TimeSpan Lifetime(MessageFields fields, DateTimeOffset now)
    {
        if (fields.Loose("expires_in", 10) is { } seconds && int.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            return TimeSpan.FromSeconds(count);
        return fields.Loose("expiryDate", 40) is { } date
            && DateTimeOffset.TryParse(date, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var until)
            ? until - now : LifetimeDefault;
    }

    /// <summary>As it stands: <see cref="MessageFields.Loose"/> would shorten it.</summary>
    private static string? Whole(MessageFields fields, string name) => fields.Value(name) is { ValueKind: JsonValueKind.String } ? fields.Exact(name) : null;

    private static Refusal Unusable(string why) => new("token-unusable", $"What the PSP answered when it was asked for a token {why}.");
}
