using MoMo.Domain.Files;

namespace MoMo.Edge.Formats.Rows;

/// <summary>
/// What a row must be like to be a payment. <c>column</c> and one of <c>equals</c> (the empty text too), <c>in</c> and <c>not_in</c>;
/// small and capital letters are alike, blanks around don't count, a value that ends in <c>*</c> stands for all that begin so, and
/// <c>*so*</c> for all that hold it.
/// </summary>
/// <param name="Column"><c>column</c>.</param>
/// <param name="Values"><c>equals</c>, <c>in</c> or <c>not_in</c>: 1 to 50.</param>
/// <param name="Without">The values are those of <c>not_in</c>.</param>
/// <param name="Otherwise">
/// <c>otherwise</c>: what a row that fails is: <c>pending</c>, <c>info</c> (default), <c>outgoing</c>, <c>fee</c>, <c>return</c>,
/// <c>test</c>, <c>failed</c>; <c>reversal</c>, of the payment that <c>original_reference</c> names; or <c>ignore</c>, which leaves no
/// trace of the row. The last two are null here.
/// </param>
/// <param name="Reverses"><c>otherwise</c> is <c>reversal</c>.</param>
public sealed record RowFilter(RowColumn Column, IReadOnlyList<string> Values, bool Without, NoticeKind? Otherwise, bool Reverses)
{
    private const int ValuesMax = 50;

    /// <summary>Whether a field passes.</summary>
    public bool Passes(ReadOnlySpan<char> field)
    {
        field = field.Trim();
        foreach (var value in Values)
            if (Fits(field, value)) return !Without;
        return Without;
    }

    internal static bool Fits(ReadOnlySpan<char> field, string value) => value switch
    {
        ['*', .., '*'] => field.Contains(value.AsSpan(1..^1), StringComparison.OrdinalIgnoreCase),
        [.., '*'] => field.StartsWith(value.AsSpan(..^1), StringComparison.OrdinalIgnoreCase),
        _ => field.Equals(value, StringComparison.OrdinalIgnoreCase),
    };

    internal static RowFilter Read(SettingsReader reader, bool hasHeader)
    {
        var column = RowColumn.Read(reader, "column", hasHeader);
        if (column is null) reader.Fault("column", "setting-missing", "Name the filter's column.");
        var equal = reader.Text("equals", lengthMin: 0);
        var within = reader.Texts("in", ValuesMax);
        var without = reader.Texts("not_in", ValuesMax);
        if ((equal is null ? 0 : 1) + (within.Count > 0 ? 1 : 0) + (without.Count > 0 ? 1 : 0) != 1)
            reader.Fault("equals", "setting-missing", "Give one of equals, in and not_in.");
        var otherwise = reader.Text("otherwise") ?? "info";
        NoticeKind? kind = null;
        if (otherwise is not ("ignore" or "reversal"))
        {
            if (Enum.TryParse<NoticeKind>(otherwise, ignoreCase: true, out var known) && !char.IsAsciiDigit(otherwise[0])) kind = known;
            else reader.Fault("otherwise", "setting-malformed",
                "Give ignore, pending, info, outgoing, fee, reversal, return, test or failed.");
        }

        reader.Close();
        var values = equal is not null ? [equal] : within.Count > 0 ? within : without;
        return new RowFilter(column ?? new RowColumn(null, 1), values, without.Count > 0, kind, otherwise == "reversal");
    }
}
