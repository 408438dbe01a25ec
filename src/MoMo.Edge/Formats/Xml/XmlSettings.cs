using System.Text.Json;
using MoMo.Edge.Formats.Rows;
using MoMo.Engine;

namespace MoMo.Edge.Formats.Xml;

/// <summary>How a source's XML files are read. Nothing is guessed: what the file means is configuration of the adapter.</summary>
/// <example>
/// <code>
/// {
///   "row": "Report/Payments/Payment", "time_zone": "Africa/Nairobi", "paid_at_formats": ["yyyy-MM-ddTHH:mm:ss"],
///   "fields": {
///     "psp_reference": "@id", "amount": "Amount", "currency": "Amount/@Ccy", "type": "Direction", "paid_at": "Time",
///     "text": "Payer/Reference", "payer_name": "Payer/Name", "shortcode": "/Report/Account/@Number"
///   },
///   "type_values": { "credit": ["CR"], "debit": ["DR"] },
///   "filters": [{ "column": "Status", "equals": "SUCCESS", "otherwise": "failed" }]
/// }
/// </code>
/// </example>
public sealed record XmlSettings
{
    private const int StepsMax = 30;

    /// <summary>
    /// <c>row</c>: the path of the element that is a payment, from the document's root, such as <c>Report/Payments/Payment</c>. Names are
    /// without prefixes, small and capital letters alike.
    /// </summary>
    public required string Row { get; init; }

    /// <summary>
    /// What a row's fields mean, by the section <c>fields</c>. A field is a path below the row: <c>Payer/Name</c>, an attribute
    /// <c>Amount/@Ccy</c> or <c>@id</c>, <c>.</c> for the row's own text; or one from the root, <c>/Report/Account</c>, for what the file
    /// says before its rows. Of several elements of one path the first counts. What stands before rows counts until an element around it begins
    /// again: of several groups each speaks for itself.
    /// </summary>
    public required RowSettings Rows { get; init; }

    /// <summary>All paths that fields name, each once.</summary>
    internal IReadOnlyList<string> Paths { get; private init; } = [];

    /// <summary>Reads settings.</summary>
    /// <returns>The settings, or <c>settings-invalid</c> with every fault, as <see cref="Csv.CsvSettings.Parse"/>.</returns>
    public static Outcome<XmlSettings> Parse(JsonElement settings)
    {
        var reader = new SettingsReader(settings);
        var row = reader.Text("row")?.Trim('/') ?? "";
        if (!IsPath(row, attributes: false)) reader.Fault("row", "setting-missing", "Give the path of the element that is a row, such as Report/Payment.");
        var rows = RowSettings.Read(reader, "fields", hasNames: true);
        List<RowColumn> columns = [.. rows.Columns.All(), .. rows.Filters.Select(filter => filter.Column)];
        foreach (var column in columns.Where(column => column.Name is not "." && !IsPath((column.Name ?? "").TrimStart('/'), attributes: true)))
            reader.Fault("fields", "setting-malformed", $"'{column}' is no path such as Payer/Name, Amount/@Ccy or /Report/Account.");
        reader.Close();
        if (reader.Refused is { } refusal) return refusal;
        var paths = columns.Select(column => column.Name!).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        return new XmlSettings { Row = row, Rows = rows, Paths = paths };
    }

    /// <summary>Names between slashes; the last may be an attribute's.</summary>
    private static bool IsPath(string path, bool attributes)
    {
        var steps = path.Split('/');
        if (steps.Length > StepsMax) return false;
        for (var index = 0; index < steps.Length; index++)
        {
            var name = attributes && index == steps.Length - 1 && steps[index] is ['@', ..] ? steps[index][1..] : steps[index];
            if (name.Length == 0 || name.Any(letter => !char.IsLetterOrDigit(letter) && letter is not ('_' or '-' or '.'))) return false;
        }

        return true;
    }
}
