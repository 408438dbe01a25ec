using System.Text;
using System.Text.Json;
using MoMo.Domain.Files;
using MoMo.Domain.Payments;
using MoMo.Engine;

namespace MoMo.Edge.Formats.Csv;

/// <summary>
/// How a source's CSV files are read. Nothing is guessed: what the file means is configuration of the adapter.
/// </summary>
/// <example>
/// An M-Pesa organisation statement: a preamble before the header, charges under the receipt of the payment they are for.
/// <code>
/// {
///   "header_contains": "Receipt No.", "currency": "KES", "thousands_marks": [","], "time_zone": "Africa/Nairobi",
///   "columns": {
///     "psp_reference": "Receipt No.", "credit": "Paid In", "debit": "Withdrawn", "paid_at": "Completion Time",
///     "text": "Details"
///   },
///   "paid_at_formats": ["dd-MM-yyyy HH:mm:ss", "yyyy-MM-dd HH:mm:ss"],
///   "text_after": ["Account Number ", "Acc. "],
///   "filters": [
///     { "column": "Transaction Status", "equals": "Completed", "otherwise": "pending" },
///     { "column": "Details", "not_in": ["Pay Bill Charge*"], "otherwise": "ignore" }
///   ]
/// }
/// </code>
/// </example>
public sealed record CsvSettings
{
    /// <summary><c>delimiter</c>: one character; <c>,</c> by default.</summary>
    public required char Delimiter { get; init; }

    /// <summary><c>quote</c>: whether fields may stand in quotation marks; true by default.</summary>
    public required bool Quote { get; init; }

    /// <summary>
    /// <c>encoding</c>: an IANA name such as <c>windows-1252</c>; what does not fit it refuses the file. By default UTF-8, where bytes
    /// that are none are read as Windows-1252. A byte order mark wins.
    /// </summary>
    public required Encoding? Encoding { get; init; }

    /// <summary><c>has_header</c>: true by default. Without one columns are numbers.</summary>
    public required bool HasHeader { get; init; }

    /// <summary><c>header_contains</c>: the header is the first row in which a field is this text (small and capital letters alike), within
    /// 200 rows.</summary>
    public required string? HeaderContains { get; init; }

    /// <summary><c>skip_rows</c>: rows before the header, empty ones not counted; 0 to 200, 0 by default.</summary>
    public required int SkipRows { get; init; }

    /// <summary><c>short_rows</c>: whether a row may have fewer fields than the header; false by default: such a row is cut off, and a
    /// fault.</summary>
    public required bool ShortRows { get; init; }

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

    /// <summary><c>columns</c>: where everything is.</summary>
    public required CsvColumns Columns { get; init; }

    /// <summary><c>psp_reference_prefix</c>: put before each psp_reference, for a PSP at which several of our accounts share ids; at most
    /// 60 characters.</summary>
    public required string PspReferencePrefix { get; init; }

    /// <summary><c>type_values.credit</c>: the values of the type column that mean money coming in.</summary>
    public required IReadOnlyList<string> CreditTypes { get; init; }

    /// <summary><c>type_values.debit</c>: the values of the type column that mean money going out.</summary>
    public required IReadOnlyList<string> DebitTypes { get; init; }

    /// <summary><c>text_after</c>: the text is what follows the first of these that occurs in its field; else the whole field.</summary>
    public required IReadOnlyList<string> TextAfter { get; init; }

    /// <summary><c>filters</c>: up to 20; a row that fails one is no payment.</summary>
    public required IReadOnlyList<CsvFilter> Filters { get; init; }

    /// <summary>Reads settings.</summary>
    /// <returns>
    /// The settings, or <c>settings-invalid</c> with every fault: <c>setting-malformed</c>, <c>setting-missing</c>, <c>setting-unknown</c>,
    /// <c>setting-contradictory</c>, <c>time-zone-unknown</c>, <c>encoding-unknown</c>, <c>currency-unknown</c>.
    /// </returns>
    public static Outcome<CsvSettings> Parse(JsonElement settings)
    {
        var reader = new SettingsReader(settings);
        var hasHeader = reader.Flag("has_header", true);
        var columns = CsvColumns.Read(reader.Section("columns"), hasHeader);
        var types = reader.Section("type_values");
        var decimalMark = Mark(reader, "decimal_mark", '.');
        var thousandsMarks = string.Concat(reader.Texts("thousands_marks", 5));
        var parsed = new CsvSettings
        {
            Delimiter = Mark(reader, "delimiter", ','),
            Quote = reader.Flag("quote", true),
            Encoding = FindEncoding(reader),
            HasHeader = hasHeader,
            HeaderContains = reader.Text("header_contains"),
            SkipRows = reader.Number("skip_rows", 0, 200, 0),
            ShortRows = reader.Flag("short_rows", false),
            DecimalMark = decimalMark,
            ThousandsMarks = thousandsMarks,
            Currency = FindCurrency(reader),
            TimeZone = reader.Zone("time_zone"),
            PaidAtFormats = reader.Texts("paid_at_formats", 10) is { Count: > 0 } formats ? formats : ["yyyy-MM-dd"],
            Columns = columns,
            PspReferencePrefix = reader.Text("psp_reference_prefix") ?? "",
            CreditTypes = types.Texts("credit", 50),
            DebitTypes = types.Texts("debit", 50),
            TextAfter = reader.Texts("text_after", 20),
            Filters = [.. reader.Values("filters", 20).Select((filter, index) =>
                CsvFilter.Read(reader.Section("filters", index, filter), hasHeader))],
        };
        types.Close();
        reader.Close();
        Agree(reader, parsed);
        if (reader.Refused is { } refusal) return refusal;
        return parsed;
    }

    private static void Agree(SettingsReader reader, CsvSettings settings)
    {
        if (settings.DecimalMark is not ('.' or ',')) reader.Fault("decimal_mark", "setting-malformed", "Give '.' or ','.");
        if (settings.ThousandsMarks.Contains(settings.DecimalMark, StringComparison.Ordinal))
            reader.Fault("thousands_marks", "setting-contradictory", "A thousands mark can't be the decimal mark.");
        if (settings.ThousandsMarks.Any(char.IsAsciiLetterOrDigit) || settings.ThousandsMarks.Length > 5)
            reader.Fault("thousands_marks", "setting-malformed", "Give up to 5 single characters, no letters or digits.");
        if (settings.Delimiter is '"' or '\r' or '\n')
            reader.Fault("delimiter", "setting-malformed", "A delimiter is no quotation mark and no end of line.");
        if (settings.Currency is null && settings.Columns.Currency is null)
            reader.Fault("currency", "setting-missing", "Give currency, or columns.currency.");
        if (!settings.PaidAtFormats.All(CsvTime.IsFormat))
            reader.Fault("paid_at_formats", "setting-malformed", "Give formats of .NET for dates and times, such as dd/MM/yyyy HH:mm:ss.");
        if (settings.PspReferencePrefix.Length > 60)
            reader.Fault("psp_reference_prefix", "setting-malformed", "Give at most 60 characters.");
        if (!settings.HasHeader && settings.HeaderContains is not null)
            reader.Fault("header_contains", "setting-contradictory", "There is no header to look for when has_header is false.");
        if (settings.HeaderContains is not null && settings.SkipRows > 0)
            reader.Fault("skip_rows", "setting-contradictory", "Give skip_rows or header_contains, not both.");
        var typed = settings.CreditTypes.Count > 0 || settings.DebitTypes.Count > 0;
        if (settings.Columns.Type is null && typed)
            reader.Fault("columns.type", "setting-missing", "Name the column that holds the type_values.");
        if (settings.Columns.Type is not null && settings.CreditTypes.Count == 0)
            reader.Fault("type_values.credit", "setting-missing", "List the types that mean money coming in.");
    }

    private static char Mark(SettingsReader reader, string name, char otherwise)
    {
        if (reader.Text(name) is not { } text) return otherwise;
        if (text.Length == 1) return text[0];
        reader.Fault(name, "setting-malformed", "Give one character.");
        return otherwise;
    }

    private static Encoding? FindEncoding(SettingsReader reader)
    {
        if (reader.Text("encoding") is not { } name) return null;
        try
        {
            return Windows1252Fallback.Find(name);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            reader.Fault("encoding", "encoding-unknown", $"'{name}' is not an encoding; use an IANA name such as windows-1252.");
            return null;
        }
    }

    private static Currency? FindCurrency(SettingsReader reader)
    {
        if (reader.Text("currency") is not { } code) return null;
        var currency = Currency.Find(code.ToUpperInvariant());
        if (currency is null) reader.Fault("currency", "currency-unknown", $"'{code}' is not an ISO 4217 currency that can be kept.");
        return currency;
    }
}
