using System.Text.Json;
using MoMo.Edge.Formats.Json;
using MoMo.Edge.Psps;
using MoMo.Edge.Psps.MPesa;
using MoMo.Engine;

namespace MoMo.Silo.Api;

/// <summary>
/// Settings of an <c>mpesa-c2b</c> adapter: <c>{"addresses":["196.201.214.200",…],"when_unsure":"accept"}</c>. Without addresses it is Safaricom's
/// published list; <c>when_unsure</c> (<c>accept</c> or <c>refuse</c>) answers a validation that cannot be decided in time.
/// </summary>
internal static class MPesaSettings
{
    private static readonly AddressList Published = AddressList.Parse(DarajaAddresses.Default).Accepted!;

    /// <summary>Why the settings can't be used; null when they can.</summary>
    public static Refusal? Check(JsonElement settings)
    {
        if (settings.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null) return null;
        if (settings.ValueKind != JsonValueKind.Object) return Refusal.Of("settings", "settings-malformed", "settings is an object.");
        if (!JsonText.IsUnicode(settings))
            return Refusal.Of("settings", "settings-malformed", "settings hold text that is not Unicode (half a surrogate pair).");
        foreach (var property in settings.EnumerateObject())
        {
            switch (property.Name)
            {
                case "addresses":
                    if (property.Value.ValueKind != JsonValueKind.Array || property.Value.EnumerateArray().Any(one => one.ValueKind != JsonValueKind.String))
                        return Refusal.Of("settings.addresses", "settings-malformed", "addresses is a list of IP addresses and networks.");
                    if (AddressList.Parse(Entries(property.Value)).Refused is { } refusal)
                        return Refusal.Of("settings.addresses", refusal.Code, refusal.Detail);
                    break;
                case "when_unsure" when property.Value.ValueKind == JsonValueKind.String && property.Value.GetString() is "accept" or "refuse":
                    break;
                default:
                    return Refusal.Of($"settings.{(property.Name.Length > 60 ? property.Name[..60] : property.Name)}", "settings-malformed", "mpesa-c2b knows addresses, and when_unsure with accept or refuse.");
            }
        }

        return null;
    }

    /// <summary>Who may call.</summary>
    public static AddressList Addresses(JsonElement settings) =>
        settings.ValueKind == JsonValueKind.Object && settings.TryGetProperty("addresses", out var list)
            ? AddressList.Parse(Entries(list)).Accepted ?? Published
            : Published;

    /// <summary>Whether a validation that can't be decided in time is refused; else it is accepted.</summary>
    public static bool RefusesWhenUnsure(JsonElement settings) =>
        settings.ValueKind == JsonValueKind.Object && settings.TryGetProperty("when_unsure", out var answer) && answer.GetString() == "refuse";

    private static string[] Entries(JsonElement list) => [.. list.EnumerateArray().Select(one => one.GetString()!)];
}
