using MoMo.Domain.Accounts;
using Npgsql;

namespace MoMo.Storage;

/// <summary>Numbers of an account as SQL.</summary>
internal static class NumberRangeSql
{
    /// <summary>The conditions that a column is in the range; none for all.</summary>
    /// <param name="range">The range.</param>
    /// <param name="column">SQL of the number.</param>
    /// <param name="place">Adds a parameter and tells its place.</param>
    public static IEnumerable<string> On(this NumberRange range, string column, Func<NpgsqlParameter, string> place)
    {
        // What has no number stands with 0 in some tables.
        if ((range.First ?? (range.Last is null ? null : 1)) is { } first) yield return $"{column} >= {place(Sql.Of(first))}";
        if (range.Last is { } last) yield return $"{column} <= {place(Sql.Of(last))}";
    }
}
