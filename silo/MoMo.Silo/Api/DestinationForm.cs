using System.Text.Json;
using MoMo.Client.Wire;
using MoMo.Domain.Deliveries;
using MoMo.Domain.Payments;
using MoMo.Storage.Management;

namespace MoMo.Silo.Api;

/// <summary>Reads what a destination is to be.</summary>
internal static class DestinationForm
{
    private const double RateMin = 0.1;
    private const double RateMax = 10_000;

    public static async Task<DestinationDraft> ReadAsync(
        string account, string? storedUrl, DestinationSpec spec, Checks checks, ManagementParts parts, CancellationToken cancellation)
    {
        var place = await DestinationPlace.ReadAsync(account, Kind(spec), storedUrl, spec, checks, parts, cancellation);
        var order = DeliveryWords.Order(spec.Order ?? "reference");
        if (order is null) checks.Fault("order", "order-unknown", "The order is account, reference or none.");
        if (spec.MaxConcurrency is < 1 or > 64) checks.Fault("max_concurrency", "range", "From 1 to 64.");
        if (spec.RatePerSecond is { } rate && rate is not (>= RateMin and <= RateMax)) checks.Fault("rate_per_second", "range", "From 0.1 to 10,000.");
        CheckWaits(spec.RetryWaits, checks);
        return new DestinationDraft(Kind(spec), place.Url, spec.Paused, new DestinationSettings
        {
            Order = order ?? DeliveryOrder.Reference,
            RetryWaits = spec.RetryWaits,
            ConcurrencyMax = spec.MaxConcurrency,
            RatePerSecond = spec.RatePerSecond,
            Breaker = spec.Breaker ?? true,
            Events = Words("events", spec.Events, checks, word => EventTypes.All.Contains(word), $"one of {string.Join(", ", EventTypes.All)}"),
            Currencies = Words("currencies", spec.Currencies, checks, word => Currency.Find(word) is not null, "an ISO 4217 code"),
            Psps = Words("psps", spec.Psps, checks, word => word is { Length: > 0 and <= 64 }, "a PSP's id"),
        })
        {
            KindSettings = place.Settings,
            Credentials = place.Credentials,
            NeedsCredentials = place.NeedsCredentials,
        };
    }

    /// <summary>Its signing secret; null for kinds that do not sign.</summary>
    public static NewSecret? MakeSecret(DestinationSpec spec, bool pair, ManagementParts parts) => Kind(spec) == "webhook" ? parts.MakeSecret(pair) : null;

    /// <summary>Whether it signs with ed25519.</summary>
    public static bool ReadSigning(DestinationSpec spec, Checks checks, ManagementParts parts)
    {
        if (Kind(spec) != "webhook")
        {
            if (spec.Signing is not (null or "none")) checks.Fault("signing", "signing-unused", "Only webhooks are signed.");
            return false;
        }

        if (spec.Signing is not (null or "v1" or "v1a")) checks.Fault("signing", "signing-unknown", "Signing is v1 (HMAC-SHA256) or v1a (ed25519).");
        if (spec.Signing == "v1a" && !parts.Ed25519) checks.Fault("signing", "signing-unavailable", "This hub's machine has no OpenSSL 3, which v1a needs.");
        return spec.Signing == "v1a";
    }

    public static DestinationView View(DestinationRow row, DateTimeOffset now)
    {
        var rotating = row.OldSecretUntil > now;
        return new DestinationView
        {
            Id = row.Id,
            AccountId = row.Account,
            Kind = row.Kind,
            Url = row.Url,
            Paused = row.Paused,
            PausedReason = row.PausedReason,
            Order = DeliveryWords.Of(row.Settings.Order),
            RetryWaits = row.Settings.RetryWaits,
            MaxConcurrency = row.Settings.ConcurrencyMax,
            RatePerSecond = row.Settings.RatePerSecond,
            Breaker = row.Settings.Breaker,
            Events = row.Settings.Events,
            Currencies = row.Settings.Currencies,
            Psps = row.Settings.Psps,
            Settings = row.KindSettings == "{}" ? null : JsonElement.Parse(row.KindSettings),
            HasCredentials = row.HasCredentials,
            Signing = row.Kind != "webhook" ? "none" : row.PublicKey is null ? "v1" : "v1a",
            PublicKey = row.PublicKey,
            OldPublicKey = rotating ? row.OldPublicKey : null,
            RotationUntil = rotating ? row.OldSecretUntil : null,
            Secret = row.Secret,
            CreatedAt = row.CreatedAt,
            Version = row.Version,
        };
    }

    private static string Kind(DestinationSpec spec) => spec.Kind ?? "webhook"; // a generated reader leaves out what the record would begin with

    private static void CheckWaits(IReadOnlyList<int>? waits, Checks checks)
    {
        if (waits is null) return;
        var (min, max) = ((int)RetrySchedule.WaitMin.TotalSeconds, (int)RetrySchedule.WaitMax.TotalSeconds);
        if (waits.Count is 0 or > RetrySchedule.WaitsMax) checks.Fault("retry_waits", "range", $"From 1 to {RetrySchedule.WaitsMax} waits.");
        else if (waits.Any(wait => wait < min || wait > max)) checks.Fault("retry_waits", "range", $"A wait is from {min} to {max} seconds.");
        else if (waits.Sum() > RetrySchedule.WaitsTotalMax.TotalSeconds)
            checks.Fault("retry_waits", "range", $"All waits together are at most {(int)RetrySchedule.WaitsTotalMax.TotalSeconds} seconds.");
    }

    private static string[]? Words(string field, IReadOnlyList<string>? words, Checks checks, Func<string, bool> known, string what)
    {
        if (words is null) return null;
        if (words.Count is 0 or > DestinationSettings.FilterMax)
            checks.Fault(field, "range", $"From 1 to {DestinationSettings.FilterMax}; leave it out for all.");
        else if (words.FirstOrDefault(word => word is null || !known(word)) is { } wrong) checks.Fault(field, "unknown", $"'{wrong}' is not {what}.");
        else if (words.Contains(null!)) checks.Fault(field, "unknown", $"null is not {what}.");
        return [.. words.Distinct()];
    }
}
