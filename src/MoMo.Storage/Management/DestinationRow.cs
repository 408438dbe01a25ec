using MoMo.Domain.Deliveries;
using Npgsql;

namespace MoMo.Storage.Management;

/// <summary>A destination as it is stored.</summary>
/// <param name="Lane">The number of its lane.</param>
/// <param name="Account">Whose.</param>
/// <param name="Id">Unique in its account.</param>
/// <param name="Kind">Such as <c>webhook</c>.</param>
/// <param name="Url">Where to.</param>
/// <param name="Paused">Sends nothing.</param>
/// <param name="PausedReason">Why, when the hub paused it.</param>
/// <param name="Version">Rises with each change.</param>
/// <param name="CreatedAt">When it was created.</param>
public sealed record DestinationRow(
    long Lane, string Account, string Id, string Kind, string Url, bool Paused, string? PausedReason, long Version, DateTimeOffset CreatedAt)
{
    internal const string Columns = """
        lane, account_id, id, kind, url, paused, paused_reason, version, created_at, ordering, retry_waits, concurrency_max, rate_per_second, breaker,
            events, currencies, psps, public_key, old_public_key, old_secret_until, settings, credentials IS NOT NULL
        """;

    /// <summary>How it is delivered to.</summary>
    public DestinationSettings Settings { get; init; } = DestinationSettings.Ordinary;

    /// <summary>Settings of its kind: a JSON object.</summary>
    public string KindSettings { get; init; } = "{}";

    /// <summary>Whether it has credentials; they are never shown.</summary>
    public bool HasCredentials { get; init; }

    /// <summary>The public half of its ed25519 pair; null when it signs with HMAC.</summary>
    public string? PublicKey { get; init; }

    /// <summary>The one before, while a rotation lasts.</summary>
    public string? OldPublicKey { get; init; }

    /// <summary>Until when the secret before signs, too; null or in the past when none does.</summary>
    public DateTimeOffset? OldSecretUntil { get; init; }

    /// <summary>The signing secret in plain text: only in the answer that made it.</summary>
    public string? Secret { get; init; }

    internal static DestinationRow Read(NpgsqlDataReader rows) => new(
        rows.GetInt64(0), rows.GetString(1), rows.GetString(2), rows.GetString(3), rows.GetString(4), rows.GetBoolean(5), rows.TextOrNull(6), rows.GetInt64(7),
        rows.GetFieldValue<DateTimeOffset>(8))
    {
        Settings = new DestinationSettings
        {
            Order = DeliveryWords.Order(rows.GetString(9)) ?? DeliveryOrder.Reference,
            RetryWaits = rows.IsDBNull(10) ? null : rows.GetFieldValue<int[]>(10),
            ConcurrencyMax = rows.IsDBNull(11) ? null : rows.GetInt32(11),
            RatePerSecond = rows.IsDBNull(12) ? null : rows.GetDouble(12),
            Breaker = rows.GetBoolean(13),
            Events = Words(rows, 14),
            Currencies = Words(rows, 15),
            Psps = Words(rows, 16),
        },
        PublicKey = rows.TextOrNull(17),
        OldPublicKey = rows.TextOrNull(18),
        OldSecretUntil = rows.TimeOrNull(19),
        KindSettings = rows.GetString(20),
        HasCredentials = rows.GetBoolean(21),
    };

    private static string[]? Words(NpgsqlDataReader rows, int column) => rows.IsDBNull(column) ? null : rows.GetFieldValue<string[]>(column);
}
