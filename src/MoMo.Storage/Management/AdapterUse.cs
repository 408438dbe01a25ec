using System.Globalization;

namespace MoMo.Storage.Management;

/// <summary>
/// What depends on an adapter. Payments have no index by adapter, because it would cost every payment of every day; instead only payments since the
/// adapter's creation are looked at (their ids are ordered by time), for a few seconds at most.
/// </summary>
internal static class AdapterUse
{
    /// <summary>How long the look may take.</summary>
    public static readonly TimeSpan TimeMax = TimeSpan.FromSeconds(5);

    /// <summary>Silos' clocks may differ by less than this.</summary>
    private static readonly TimeSpan ClockMargin = TimeSpan.FromHours(1);

    public static async Task<List<string>> FindAsync(Change change, AdapterRow adapter)
    {
        var id = adapter.Draft.Id;
        List<string> users = [];
        if (await change.AnyAsync("SELECT 1 FROM files WHERE adapter_id = $1 LIMIT 1", Sql.Of(id))) users.Add("files");
        if (await change.AnyAsync("SELECT 1 FROM status_questions WHERE adapter_id = $1 LIMIT 1", Sql.Of(id))) users.Add("status questions");
        if (await change.AnyAsync("SELECT 1 FROM api_keys WHERE $1 = ANY(scopes) LIMIT 1", Sql.Of($"adapter:{id}"))) users.Add("keys");
        const string any = "(SELECT 1 FROM payment_keys WHERE psp_id = $1 LIMIT 1) UNION ALL (SELECT 1 FROM reversals WHERE psp_id = $1 LIMIT 1)";
        if (users.Count > 0 || !await change.AnyAsync(any, Sql.Of(adapter.Draft.Psp))) return users;

        await change.RunAsync($"SET LOCAL statement_timeout = {TimeMax.TotalMilliseconds.ToString(CultureInfo.InvariantCulture)}");
        var first = FirstIdOf(adapter.CreatedAt - ClockMargin);
        if (await change.AnyAsync("SELECT 1 FROM payments WHERE id >= $2 AND adapter_id = $1 LIMIT 1", Sql.Of(id), Sql.Of(first))) users.Add("payments");
        if (await change.AnyAsync("SELECT 1 FROM reversals WHERE adapter_id = $1 LIMIT 1", Sql.Of(id))) users.Add("reversals");
        await change.RunAsync("SET LOCAL statement_timeout = 0");
        return users;
    }

    /// <summary>The smallest UUID version 7 of a moment.</summary>
    private static Guid FirstIdOf(DateTimeOffset time)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(bytes, time.ToUnixTimeMilliseconds() << 16);
        return new Guid(bytes, bigEndian: true);
    }
}
