using System.Text.Json;
using MoMo.Client.Wire;
using MoMo.Domain.Deliveries;
using MoMo.Engine;

namespace MoMo.Silo.Api;

/// <summary>Where a destination leads, as its kind has it.</summary>
/// <param name="Url">For people, and of a webhook what is called.</param>
/// <param name="Settings">A JSON object.</param>
/// <param name="Credentials">A JSON object of texts; null keeps those that are there.</param>
internal sealed record DestinationPlace(string Url, string Settings, string? Credentials)
{
    private const string None = "{}";

    /// <summary>It can't do without credentials, given now or before.</summary>
    public bool NeedsCredentials { get; private init; }

    /// <param name="account">Whose; canonical.</param>
    /// <param name="name">Its kind.</param>
    /// <param name="stored">The URL that it has; null for a new one.</param>
    /// <param name="spec">What is sent.</param>
    /// <param name="checks">Gathers what is wrong.</param>
    /// <param name="parts">Know the kinds.</param>
    /// <param name="cancellation">Ends the look at credentials.</param>
    public static async Task<DestinationPlace> ReadAsync(
        string account, string name, string? stored, DestinationSpec spec, Checks checks, ManagementParts parts, CancellationToken cancellation)
    {
        var settings = spec.Settings is { ValueKind: not JsonValueKind.Null } given ? given : default;
        var credentials = spec.Credentials is { ValueKind: not JsonValueKind.Null } told ? told : default;
        if (name != "webhook" && parts.FindKind(name) is { } kind)
            return await ReadAsync(kind, Locate(account, kind, spec.Url, stored, settings), settings, credentials, checks, cancellation);
        if (name != "webhook") checks.Fault("kind", "kind-unknown", "The kind is webhook, email or file.");
        else if (settings.ValueKind != JsonValueKind.Undefined) checks.Fault("settings", "settings-malformed", "A webhook has no settings.");
        else if (credentials.ValueKind != JsonValueKind.Undefined) checks.Fault("credentials", "credentials-malformed", "A webhook has no credentials.");
        return new(checks.Url("url", spec.Url, parts.CheckUrl), None, null);
    }

    private static async Task<DestinationPlace> ReadAsync(
        IBatchKind kind, Outcome<Uri> found, JsonElement settings, JsonElement credentials, Checks checks, CancellationToken cancellation)
    {
        foreach (var fault in found.Refused?.Faults ?? []) checks.Fault(Field(fault.Field), fault.Code, fault.Detail);
        if (SecretFields.Fault($"a destination of kind {kind.Kind}", kind.Credentials, credentials) is { } wrong)
            checks.Fault("credentials", "credentials-malformed", wrong);
        var needed = found.Accepted is not null && kind.NeedsCredentials(settings);
        // Only for what is right otherwise: a look at a key takes its time.
        if (needed && checks.Refusal is null && credentials.ValueKind == JsonValueKind.Object
            && await kind.FindFaultAsync(settings, Texts(credentials), cancellation) is { } unfit)
            checks.Fault(unfit.Field, unfit.Code, unfit.Detail);
        return new(
            found.Accepted?.AbsoluteUri ?? "", settings.ValueKind == JsonValueKind.Object ? settings.GetRawText() : None,
            credentials.ValueKind == JsonValueKind.Object ? credentials.GetRawText() : null)
        {
            NeedsCredentials = needed,
        };
    }

    /// <summary>Where it leads. Answers always have a URL: sent back as it was read, beside settings that say where, it is no news.</summary>
    private static Outcome<Uri> Locate(string account, IBatchKind kind, string? url, string? stored, JsonElement settings)
    {
        var told = kind.Locate(account, url, settings);
        if (url is null || told.Accepted is not null) return told;
        var untold = kind.Locate(account, null, settings);
        var isShown = url == stored || url == untold.Accepted?.AbsoluteUri;
        return isShown && (untold.Refused?.Faults.Count ?? 0) < told.Refused!.Faults.Count ? untold : told;
    }

    private static Dictionary<string, string> Texts(JsonElement credentials)
    {
        Dictionary<string, string> texts = [];
        foreach (var one in credentials.EnumerateObject()) texts[one.Name] = one.Value.GetString()!; // as they are read later: of two the last
        return texts;
    }

    private static string Field(string name) => name is "url" or "kind" ? name : $"settings.{name}".TrimEnd('.');
}
