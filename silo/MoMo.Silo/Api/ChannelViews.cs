using System.Text.Json;
using MoMo.Client.Wire;
using MoMo.Domain.Channels;
using MoMo.Storage.Channels;

namespace MoMo.Silo.Api;

/// <summary>How channels are shown.</summary>
internal static class ChannelViews
{
    public static ChannelView Of(ChannelRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return new ChannelView
        {
            Adapter = row.Adapter,
            Kind = row.Kind,
            Settings = JsonElement.Parse(row.Settings),
            HasSecret = row.SealedSecret is not null,
            State = row.Health.State,
            Detail = row.Health.Detail,
            Failures = row.Health.Failures,
            LookedAt = row.Health.LookedAt,
            WorkedAt = row.Health.WorkedAt,
            Position = row.Position,
            Taken = row.Tally.Taken,
            SetAside = row.Tally.SetAside,
            AsideDetail = row.Tally.AsideDetail,
            AsideAt = row.AsideAt,
            AcknowledgedAt = row.AcknowledgedAt,
            PaymentsNew = row.Tally.PaymentsNew,
            PaymentsKnown = row.Tally.PaymentsKnown,
            CreatedAt = row.CreatedAt,
            Version = row.Version,
        };
    }

    public static BackfillView Of(Backfill backfill)
    {
        ArgumentNullException.ThrowIfNull(backfill);
        return new BackfillView
        {
            Id = backfill.Id.ToString(),
            Adapter = backfill.Adapter,
            From = backfill.From,
            To = backfill.To,
            DoneTo = backfill.DoneTo,
            State = backfill.State,
            Detail = backfill.Detail,
            Files = backfill.Tally.Taken,
            PaymentsNew = backfill.Tally.PaymentsNew,
            PaymentsKnown = backfill.Tally.PaymentsKnown,
            Conflicts = backfill.Tally.Conflicts,
            Faults = backfill.Tally.Faults,
            AskedAt = backfill.AskedAt,
            EndedAt = backfill.EndedAt,
        };
    }

    /// <summary>Adapters with their channels.</summary>
    public static async Task<Func<AdapterView, AdapterView>> WithChannelsAsync(
        this ChannelStore store, IReadOnlyList<string> adapters, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(store);
        var found = await store.FindAsync(adapters, cancellation);
        return view => found.TryGetValue(view.Id, out var row) ? view with { Channel = Of(row) } : view;
    }
}
