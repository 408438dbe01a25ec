using System.Text.Json;
using MoMo.Client.Wire;
using MoMo.Domain.Deliveries;

namespace MoMo.Silo.Api;

/// <summary>Where a destination leads, as its kind has it.</summary>
/// <param name="Url">For people, and of a webhook what is called.</param>
/// <param name="Settings">A JSON object.</param>
/// <param name="Credentials">A JSON object of texts; null keeps those that are there.</param>
internal sealed record DestinationPlace(string Url, string Settings, string? Credentials)
{
    private const string None = "{}";

    public static DestinationPlace Read(string account, string name, DestinationSpec spec, Checks checks, ManagementParts parts)
    {
        var settings = spec.Settings is { ValueKind: not JsonValueKind.Null } given ? given : default;
        var credentials = spec.Credentials is { ValueKind: not JsonValueKind.Null } told ? told : default;
        if (name != "webhook" && parts.FindKind(name) is { } kind) return Read(account, kind, spec.Url, settings, credentials, checks);
        if (name != "webhook") checks.Fault("kind", "kind-unknown", "The kind is webhook, email or file.");
        else if (settings.ValueKind != JsonValueKind.Undefined) checks.Fault("settings", "settings-malformed", "A webhook has no settings.");
        else if (credentials.ValueKind != JsonValueKind.Undefined) checks.Fault("credentials", "credentials-malformed", "A webhook has no credentials.");
        return new(checks.Url("url", spec.Url, parts.CheckUrl), None, null);
    }

    private static DestinationPlace Read(string account, IBatchKind kind, string? url, JsonElement settings, JsonElement credentials, Checks checks)
    {
        var found = kind.Locate(account, url, settings);
        foreach (var fault in found.Refused?.Faults ?? []) checks.Fault(Field(fault.Field), fault.Code, fault.Detail);
        if (SecretFields.Fault($"a destination of kind {kind.Kind}", kind.Credentials, credentials) is { } wrong)
            checks.Fault("credentials", "credentials-malformed", wrong);
        return new(
            found.Accepted?.AbsoluteUri ?? "", settings.ValueKind == JsonValueKind.Object ? settings.GetRawText() : None,
            credentials.ValueKind == JsonValueKind.Object ? credentials.GetRawText() : null);
    }

    private static string Field(string name) => name is "url" or "kind" ? name : $"settings.{name}".TrimEnd('.');
}
