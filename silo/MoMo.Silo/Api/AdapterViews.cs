using System.Globalization;
using System.Text.Json;
using MoMo.Client.Wire;
using MoMo.Domain;
using MoMo.Domain.Adapters;
using MoMo.Storage.Management;

namespace MoMo.Silo.Api;

/// <summary>How an adapter is shown.</summary>
internal static class AdapterViews
{
    public static AdapterView Of(AdapterRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return new AdapterView
        {
            Id = row.Draft.Id,
            Name = row.Draft.Name,
            Psp = row.Draft.Psp,
            Mode = row.Draft.Mode!.Value.Word(),
            Format = row.Draft.Format,
            Settings = row.Draft.Settings is { } settings ? Parse(settings) : null,
            Rules = row.Draft.Rules is { } rules ? [.. Parse(rules).EnumerateArray()] : null,
            Credentials = row.Credentials.Count == 0
                ? null
                : [.. row.Credentials.Select(one => new CredentialView { Name = one.Name, SetAt = one.SetAt, OldValidUntil = one.OldValidUntil })],
            State = row.Liveness.State,
            StateDetail = row.Liveness.Detail,
            StateSince = row.Liveness.Since,
            SeenAt = row.Liveness.SeenAt,
            LeaseUntil = row.Liveness.LeaseUntil,
            CallbackPath = row.CallbackSecret is { } secret ? $"/v1/callbacks/{row.Draft.Id}/{secret}" : null,
            Archived = row.Draft.Archived,
            CreatedAt = row.CreatedAt,
            Version = row.Version,
        };
    }

    public static AdapterStateView Of(AdapterStateChange change) => new()
    {
        Id = change.Id.ToString(CultureInfo.InvariantCulture),
        Adapter = change.AdapterId,
        Previous = change.Previous,
        State = change.State,
        Detail = change.Detail,
        At = change.At,
    };

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
