
namespace MoMo.Storage.Management;

/// <summary>Sets the credentials of an adapter whose row the change holds. What is stored is sealed, and is never read back here.</summary>
internal static class Credentials
{
    /// <summary>Old values of one credential that stay valid at once, at most: who rotates faster than they run out loses the oldest.</summary>
    public const int OldMax = 3;

    /// <summary>The credentials of the adapter of the row, as JSON: name, when it was set, and until when the one before it counts.</summary>
    public const string Shown = """
        (SELECT json_agg(json_build_object('name', c.name, 'set_at', c.set_at, 'old_valid_until',
                (SELECT max(o.valid_until) FROM adapter_credentials o WHERE o.adapter_id = c.adapter_id AND o.name = c.name AND o.valid_until > now()))
            ORDER BY c.name)::text
         FROM adapter_credentials c WHERE c.adapter_id = adapters.id AND c.valid_until IS NULL)
        """;

    public static async Task SetAsync(Change change, string adapter, CredentialOrder? order, DateTimeOffset now)
    {
        if (order is null) return;
        await change.RunAsync("DELETE FROM adapter_credentials WHERE adapter_id = $1 AND valid_until <= $2", Sql.Of(adapter), Sql.Time(now));
        foreach (var (name, value) in order.Sealed)
        {
            if (value is null)
            {
                await change.RunAsync("DELETE FROM adapter_credentials WHERE adapter_id = $1 AND name = $2", Sql.Of(adapter), Sql.Of(name));
                continue;
            }

            // Older ones, too: who rotates because a secret leaked, and then shortens the overlap, means the one that leaked.
            await change.RunAsync(
                "UPDATE adapter_credentials SET valid_until = least(valid_until, $3) WHERE adapter_id = $1 AND name = $2",
                Sql.Of(adapter), Sql.Of(name), Sql.Time(now + order.Overlap));
            await change.RunAsync(
                """
                DELETE FROM adapter_credentials WHERE id IN (
                    SELECT id FROM adapter_credentials WHERE adapter_id = $1 AND name = $2 ORDER BY id DESC OFFSET $3)
                """,
                Sql.Of(adapter), Sql.Of(name), Sql.Of(OldMax));
            await change.RunAsync(
                "INSERT INTO adapter_credentials (adapter_id, name, sealed, set_at) VALUES ($1, $2, $3, $4)",
                Sql.Of(adapter), Sql.Of(name), Sql.Of(value), Sql.Time(now));
        }
    }
}
