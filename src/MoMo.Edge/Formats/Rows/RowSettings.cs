using MoMo.Domain.Payments;

namespace MoMo.Edge.Formats.Rows;

/// <summary>What a row's fields mean, whatever kind of file it is a row of. Nothing is guessed: it is configuration of the adapter.</summary>
public sealed record RowSettings
{
    /// <summary><c>decimal_mark</c>: <c>.</c> (default) or <c>,</c>.</summary>
    public required char DecimalMark { get; init; }

    /// <summary><c>thousands_marks</c>: up to 5 characters that may stand between groups of digits; none by default. A blank, U+00A0 and
    /// U+202F are three different ones.</summary>
    public required string ThousandsMarks { get; init; }

    /// <summary><c>currency</c>: of all rows, or of those whose currency column is empty. This or <c>columns.currency</c> is
    /// needed.</summary>
    public required Currency? Currency { get; init; }

    /// <summary><c>time_zone</c>: of times that carry none; an IANA name, UTC by default. <c>columns.zone</c> wins.</summary>
    public required TimeZoneInfo TimeZone { get; init; }

    /// <summary>
    /// <c>paid_at_formats</c>: 1 to 10 exact formats of .NET such as <c>dd/MM/yyyy HH:mm:ss</c>, tried in this order; one without
    /// hours gives a day, one with <c>zzz</c> or <c>K</c> an instant. <c>yyyy-MM-dd</c> by default. Of several columns the fields are
    /// joined by a blank.
    /// </summary>
    public required IReadOnlyList<string> PaidAtFormats { get; init; }

    /// <summary><c>columns</c> (CSV) or <c>fields</c> (XML): where everything is.</summary>
    public required RowColumns Columns { get; init; }

    /// <summary><c>psp_reference_prefix</c>: put before each psp_reference, for a PSP at which several of our accounts share ids; at most
    /// 60 characters.</summary>
    public required string PspReferencePrefix { get; init; }

    /// <summary><c>type_values.credit</c>: the values of the type column that mean money coming in.</summary>
    public required IReadOnlyList<string> CreditTypes { get; init; }

    /// <summary><c>type_values.debit</c>: the values of the type column that mean money going out.</summary>
    public required IReadOnlyList<string> DebitTypes { get; init; }

    /// <summary><c>text_after</c>: the text is what follows the first of these that occurs in its field; else the whole field.</summary>
    public required IReadOnlyList<string> TextAfter { get; init; }

    /// <summary><c>text_of</c>: <c>all</c> text columns joined by a blank (default), or the <c>first</c> of them that is not empty.</summary>
    public required bool TextOfFirst { get; init; }

    /// <summary><c>filters</c>: up to 20; a row that fails one is no payment.</summary>
    public required IReadOnlyList<RowFilter> Filters { get; init; }

    /// <summary>Reads the settings that all kinds of rows share.</summary>
    /// <param name="reader">Collects what is wrong with them.</param>
    /// <param name="section">The section that says where the fields are.</param>
    /// <param name="hasNames">Whether fields have names; else they are numbers.</param>
    internal static RowSettings Read(SettingsReader reader, string section, bool hasNames)
    {
        var columns = RowColumns.Read(reader.Section(section), hasNames);
        var types = reader.Section("type_values");
        var parsed = new RowSettings
        {
            DecimalMark = reader.Mark("decimal_mark", '.'),
            ThousandsMarks = string.Concat(reader.Texts("thousands_marks", 5)),
            Currency = FindCurrency(reader),
            TimeZone = reader.Zone("time_zone"),
            PaidAtFormats = reader.Texts("paid_at_formats", 10) is { Count: > 0 } formats ? formats : ["yyyy-MM-dd"],
            Columns = columns,
            PspReferencePrefix = ReferenceScope.Read(reader),
            CreditTypes = types.Texts("credit", 50),
            DebitTypes = types.Texts("debit", 50),
            TextAfter = reader.Texts("text_after", 20),
            TextOfFirst = reader.Choice("text_of", "all", "first") == "first",
            Filters = [.. reader.Values("filters", 20).Select((filter, index) =>
                RowFilter.Read(reader.Section("filters", index, filter), hasNames))],
        };
        types.Close();
        Agree(reader, parsed, section);
        return parsed;
    }

    private static void Agree(SettingsReader reader, RowSettings settings, string section)
    {
        if (settings.DecimalMark is not ('.' or ',')) reader.Fault("decimal_mark", "setting-malformed", "Give '.' or ','.");
        if (settings.ThousandsMarks.Contains(settings.DecimalMark, StringComparison.Ordinal))
            reader.Fault("thousands_marks", "setting-contradictory", "A thousands mark can't be the decimal mark.");
        if (settings.ThousandsMarks.Any(char.IsAsciiLetterOrDigit) || settings.ThousandsMarks.Length > 5)
            reader.Fault("thousands_marks", "setting-malformed", "Give up to 5 single characters, no letters or digits.");
        if (settings.Currency is null && settings.Columns.Currency is null)
            reader.Fault("currency", "setting-missing", $"Give currency, or {section}.currency.");
        if (!settings.PaidAtFormats.All(RowTime.IsFormat))
            reader.Fault("paid_at_formats", "setting-malformed", "Give formats of .NET for dates and times, such as dd/MM/yyyy HH:mm:ss.");
        var typed = settings.CreditTypes.Count > 0 || settings.DebitTypes.Count > 0;
        if (settings.Columns.Type is null && typed)
            reader.Fault($"{section}.type", "setting-missing", "Name the column that holds the type_values.");
        if (settings.Columns.Type is not null && settings.CreditTypes.Count == 0)
            reader.Fault("type_values.credit", "setting-missing", "List the types that mean money coming in.");
    }

    private static Currency? FindCurrency(SettingsReader reader)
    {
        if (reader.Text("currency") is not { } code) return null;
        var currency = Currency.Find(code.ToUpperInvariant());
        if (currency is null) reader.Fault("currency", "currency-unknown", $"'{code}' is not an ISO 4217 currency that can be kept.");
        return currency;
    }
}
