using System.Buffers.Binary;
using System.Globalization;
using MoMo.Domain.Deliveries;
using Npgsql;

namespace MoMo.Storage.Deliveries;

/// <summary>The conditions of a filter as SQL, on deliveries d; times lead to ids, which are ordered by time.</summary>
internal sealed class DeliveryList
{
    /// <summary>How far the time in an id may be from the creation of its delivery.</summary>
    private const long SlackMilliseconds = 60_000;

    private readonly List<NpgsqlParameter> parameters = [];
    private readonly List<string> conditions = [];

    private DeliveryList() { }

    /// <summary>What <see cref="Where"/> refers to, in order.</summary>
    public IReadOnlyList<NpgsqlParameter> Parameters => parameters;

    /// <summary>Begins with AND, or is empty.</summary>
    public string Where => string.Concat(conditions.Select(one => $" AND {one}"));

    /// <summary>The conditions of a filter, but its account.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="removed">Whether destinations of that id that were removed count as well: what went to them can be seen, and not sent again.</param>
    /// <param name="before">Parameters that the statement has before these.</param>
    public static DeliveryList Of(DeliveryFilter filter, bool removed, params ReadOnlySpan<NpgsqlParameter> before)
    {
        var list = new DeliveryList();
        list.parameters.AddRange(before);
        // The state stands in the text, not as a parameter, so that the partial indexes of pending and dead ones serve.
        if (filter.State is "pending" or "dead" or "delivered") list.conditions.Add($"d.state = '{filter.State}'");
        if (filter.Cause is { } cause) list.conditions.Add($"d.cause = {list.Place(Sql.Of(cause))}");
        if (filter.PaymentId is { } payment) list.conditions.Add($"d.payment_id = {list.Place(Sql.Of(payment))}");
        if (filter.DestinationId is { } destination)
        {
            var its = $"account_id = {list.Place(Sql.Text(filter.AccountId))} AND id = {list.Place(Sql.Of(destination))}";
            list.conditions.Add(removed
                ? $"d.lane = ANY(ARRAY(SELECT lane FROM destinations WHERE {its} UNION ALL SELECT lane FROM removed_destinations WHERE {its}))"
                : $"d.lane = (SELECT lane FROM destinations WHERE {its})");
        }

        if (filter.From is { } from) list.conditions.Add(
            $"d.created_at >= {list.Place(Sql.Time(from))} AND d.id >= {list.Place(Sql.Of(FirstId(from, -SlackMilliseconds)))}");
        if (filter.To is { } to) list.conditions.Add(
            $"d.created_at < {list.Place(Sql.Time(to))} AND d.id < {list.Place(Sql.Of(FirstId(to, SlackMilliseconds)))}");
        list.conditions.AddRange(filter.Numbers.On("d.sequence", list.Place));
        return list;
    }

    /// <summary>Adds a condition on a value.</summary>
    public DeliveryList And(string condition, NpgsqlParameter value)
    {
        conditions.Add(string.Format(CultureInfo.InvariantCulture, condition, Place(value)));
        return this;
    }

    /// <summary>Adds a parameter, and tells how the statement calls it.</summary>
    public string Place(NpgsqlParameter value)
    {
        parameters.Add(value);
        return $"${parameters.Count.ToString(CultureInfo.InvariantCulture)}";
    }

    /// <summary>The least UUID version 7 of a moment: its first 48 bits are the milliseconds since 1970.</summary>
    private static Guid FirstId(DateTimeOffset time, long milliseconds)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        BinaryPrimitives.WriteInt64BigEndian(bytes, Math.Clamp(time.ToUnixTimeMilliseconds() + milliseconds, 0, 0xFFFF_FFFF_FFFF) << 16);
        return new Guid(bytes, bigEndian: true);
    }
}
