using System.Text.Json;
using MoMo.Domain.Deliveries;
using MoMo.Storage.Management;
using Npgsql;

namespace MoMo.Storage.Deliveries;

/// <summary>A destination as the work on its lane needs it.</summary>
internal static class LaneRow
{
    /// <summary>By lane, at a time.</summary>
    public const string Select = """
        SELECT t.account_id, t.id, t.kind, t.url, t.paused, t.secret, CASE WHEN t.old_secret_until > $2 THEN t.old_secret END, t.ordering, t.retry_waits,
            t.concurrency_max, t.rate_per_second, t.breaker, s.failing_since, s.opened, s.recovering, t.settings, t.credentials,
            t.version
        FROM destinations t LEFT JOIN lane_states s ON s.lane = t.lane WHERE t.lane = $1
        """;

    public static LaneDestination Read(NpgsqlDataReader rows, long lane, Func<string, string, string> unseal)
    {
        var (account, id) = (rows.GetString(0), rows.GetString(1));
        string[] sealedSecrets = [.. new[] { rows.TextOrNull(5), rows.TextOrNull(6) }.OfType<string>()];
        var secrets = Array.ConvertAll(sealedSecrets, Unseal);
        return new LaneDestination(lane, account, rows.GetString(2), new Uri(rows.GetString(3)), Keys(secrets), rows.GetBoolean(4))
        {
            Id = id,
            Version = rows.GetInt64(17),
            Seeds = [.. secrets.Where(Ed25519Secret.IsOne).Select(one => Ed25519Secret.Parse(one).Seed.ToArray())],
            Order = DeliveryWords.Order(rows.GetString(7)) ?? DeliveryOrder.Reference,
            RetryWaits = rows.IsDBNull(8) ? null : Array.ConvertAll(rows.GetFieldValue<int[]>(8), seconds => TimeSpan.FromSeconds(seconds)),
            ConcurrencyMax = rows.IsDBNull(9) ? null : rows.GetInt32(9),
            RatePerSecond = rows.IsDBNull(10) ? null : rows.GetDouble(10),
            Breaker = rows.GetBoolean(11),
            Settings = JsonElement.Parse(rows.GetString(15)),
            Credentials = rows.TextOrNull(16) is { } credentials ? Texts(Unseal(credentials)) : new Dictionary<string, string>(),
            Health = rows.IsDBNull(13)
                ? LaneHealth.Well
                : new LaneHealth(rows.IsDBNull(12) ? null : rows.GetFieldValue<DateTimeOffset>(12), rows.GetInt32(13), rows.GetBoolean(14)),
        };

        string Unseal(string text) => unseal($"destination:{account}/{id}", text);
    }

    private static Dictionary<string, string> Texts(string json) =>
        JsonElement.Parse(json).EnumerateObject().ToDictionary(one => one.Name, one => one.Value.GetString() ?? "");

    private static byte[][] Keys(string[] secrets) =>
        [.. secrets.Where(one => !Ed25519Secret.IsOne(one)).Select(one => WebhookSecret.Parse(one).Accepted!.Key.ToArray())];
}
