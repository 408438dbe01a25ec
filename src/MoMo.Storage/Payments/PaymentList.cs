using System.Buffers.Binary;
using System.Globalization;
using MoMo.Domain.Payments;
using Npgsql;

namespace MoMo.Storage.Payments;

/// <summary>
/// The statement that lists payments, so that an index leads to each page: the key of the PSP, the account's numbers, or the ids, which are
/// ordered by time.
/// </summary>
internal sealed class PaymentList
{
    /// <summary>How far the time in an id may be from the receipt of its payment: an account's server may be asked in between.</summary>
    private const long SlackMilliseconds = 60_000;

    private readonly PaymentFilter filter;
    private readonly NpgsqlBatchCommand command = new();
    private readonly List<string> where = [];

    private PaymentList(PaymentFilter filter) => this.filter = filter;

    private string Limit => Math.Clamp(filter.Limit, 1, 501).ToString(CultureInfo.InvariantCulture);

    public static NpgsqlBatchCommand Of(PaymentFilter filter)
    {
        var list = new PaymentList(filter);
        list.AddCommon();
        list.command.CommandText = filter switch
        {
            { Psp: not null, PspReference: not null } => list.One(),
            { AccountId: not null } => list.OfAccount(),
            _ => list.All(),
        };
        return list.command;
    }

    /// <summary>What narrows the list without being what leads to it.</summary>
    private void AddCommon()
    {
        if (filter.ReferenceId is { } reference)
        {
            var match = new ReferenceMatch(reference);
            var (key, blanks) = (Place(Sql.Text(match.Key)), Place(Sql.Text(ReferenceMatch.Blanks)));
            var (capitals, letters) = (Place(Sql.Text(match.From)), Place(Sql.Text(match.To)));
            string[] columns = ["p.reference_id", "a.reference_id"];
            var given = ReferenceMatch.Condition("p.given_reference", key, capitals, letters, blanks);
            // What the sender named of a payment that stands for another is the first account's, and not to be guessed by the second.
            if (filter.AccountId is not null) given = $"({given} AND NOT EXISTS (SELECT FROM unlinkings u WHERE u.payment_id = p.id))";
            where.Add($"({string.Join(" OR ", columns.Select(column => ReferenceMatch.Condition(column, key, capitals, letters, blanks)))} OR {given})");
        }

        if (filter.Suspense == true) where.Add("p.account_id IS NULL AND a.payment_id IS NULL");
        if (filter.Suspense == false) where.Add("(p.account_id IS NOT NULL OR a.payment_id IS NOT NULL)");
        if (filter.From is { } from)
        {
            where.Add($"p.received_at >= {Place(Sql.Time(from))}");
            where.Add($"p.id >= {Place(Sql.Of(FirstId(from, -SlackMilliseconds)))}");
        }

        if (filter.To is { } to)
        {
            where.Add($"p.received_at < {Place(Sql.Time(to))}");
            where.Add($"p.id < {Place(Sql.Of(FirstId(to, SlackMilliseconds)))}");
        }
    }

    /// <summary>One at most, and what stands for it since it was unlinked: what the PSP calls so.</summary>
    private string One()
    {
        var (psp, reference) = (Place(Sql.Text(filter.Psp)), Place(Sql.Text(filter.PspReference)));
        where.Add($"p.id = ANY(ARRAY(SELECT payment_chain(payment_id) FROM payment_keys WHERE psp_id = {psp} AND psp_reference = {reference}))");
        if (filter.AccountId is { } account)
            where.Add(string.Format(CultureInfo.InvariantCulture, "(p.account_id = {0} OR a.account_id = {0})", Place(Sql.Text(account))));
        where.AddRange(filter.Numbers.On("coalesce(p.sequence, a.sequence)", Place));
        return All();
    }

    /// <summary>By the account's numbers: those that it got at once, and those that it got out of suspense.</summary>
    private string OfAccount()
    {
        var account = Place(Sql.Text(filter.AccountId));
        AddPsp();
        var before = filter.After is { } after
            ? string.Format(
                CultureInfo.InvariantCulture,
                """
                (SELECT sequence FROM payments WHERE id = {0} AND account_id = {1}
                    UNION ALL SELECT sequence FROM assignments WHERE payment_id = {0} AND account_id = {1})
                """,
                Place(Sql.Of(after)),
                account)
            : null;
        return $"({Part("p")}) UNION ALL ({Part("a")}) ORDER BY 6 DESC LIMIT {Limit}"; // 6: the number

        string Part(string table)
        {
            List<string> conditions = [$"{table}.account_id = {account}", .. filter.Numbers.On($"{table}.sequence", Place), .. where];
            if (before is not null) conditions.Add($"{table}.sequence < {before}");
            return $"{PaymentRow.Select} WHERE {string.Join(" AND ", conditions)} ORDER BY {table}.sequence DESC LIMIT {Limit}";
        }
    }

    /// <summary>By id, and so by time.</summary>
    private string All()
    {
        if (filter.PspReference is null) AddPsp();
        if (filter.After is { } after) where.Add($"p.id < {Place(Sql.Of(after))}");
        return $"{PaymentRow.Select} {(where.Count > 0 ? $"WHERE {string.Join(" AND ", where)}" : "")} ORDER BY p.id DESC LIMIT {Limit}";
    }

    private void AddPsp()
    {
        if (filter.Psp is { } psp) where.Add($"p.psp_id = {Place(Sql.Text(psp))}");
    }

    private string Place(NpgsqlParameter value)
    {
        command.Parameters.Add(value);
        return $"${command.Parameters.Count.ToString(CultureInfo.InvariantCulture)}";
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
