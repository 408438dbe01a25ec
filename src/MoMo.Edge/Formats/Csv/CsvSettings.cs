using System.Text;
using System.Text.Json;
using MoMo.Edge.Formats.Rows;
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
///     "text": ["A/C No.", "Details"], "original_reference": "Linked Transaction ID"
///   },
///   "paid_at_formats": ["dd-MM-yyyy HH:mm:ss", "yyyy-MM-dd HH:mm:ss"],
///   "text_of": "first", "text_after": ["Account Number ", "Acc. "],
///   "filters": [
///     { "column": "Transaction Status", "equals": "Completed", "otherwise": "pending" },
///     { "column": "Details", "not_in": ["Pay Bill Charge*"], "otherwise": "fee" },
///     { "column": "Reason Type", "not_in": ["*Reversal*"], "otherwise": "reversal" }
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

    /// <summary><c>final_newline</c>: whether the last row, too, must end with a line end; false by default, as many programs write none. Where a
    /// source always does, a last row without one is cut off, perhaps within its amount, and a fault.</summary>
    public required bool FinalNewline { get; init; }

    /// <summary>What a row's fields mean, by the section <c>columns</c>.</summary>
    public required RowSettings Rows { get; init; }

    /// <summary>Reads settings.</summary>
    /// <returns>
    /// The settings, or <c>settings-invalid</c> with every fault: <c>setting-malformed</c>, <c>setting-missing</c>, <c>setting-unknown</c>,
    /// <c>setting-contradictory</c>, <c>time-zone-unknown</c>, <c>encoding-unknown</c>, <c>currency-unknown</c>.
    /// </returns>
    public static Outcome<CsvSettings> Parse(JsonElement settings)
    {
        var reader = new SettingsReader(settings);
        var hasHeader = reader.Flag("has_header", true);
        var parsed = new CsvSettings
        {
            Delimiter = reader.Mark("delimiter", ','),
            Quote = reader.Flag("quote", true),
            Encoding = reader.Encoding("encoding"),
            HasHeader = hasHeader,
            HeaderContains = reader.Text("header_contains"),
            SkipRows = reader.Number("skip_rows", 0, 200, 0),
            ShortRows = reader.Flag("short_rows", false),
            FinalNewline = reader.Flag("final_newline", false),
            Rows = RowSettings.Read(reader, "columns", hasHeader),
        };
        reader.Close();
        Agree(reader, parsed);
        if (reader.Refused is { } refusal) return refusal;
        return parsed;
    }

    private static void Agree(SettingsReader reader, CsvSettings settings)
    {
        if (settings.Delimiter is '"' or '\r' or '\n')
            reader.Fault("delimiter", "setting-malformed", "A delimiter is no quotation mark and no end of line.");
        if (!settings.HasHeader && settings.HeaderContains is not null)
            reader.Fault("header_contains", "setting-contradictory", "There is no header to look for when has_header is false.");
        if (settings.HeaderContains is not null && settings.SkipRows > 0)
            reader.Fault("skip_rows", "setting-contradictory", "Give skip_rows or header_contains, not both.");
    }
}
