using System.Globalization;
using System.Runtime.CompilerServices;
using CsvHelper;
using CsvHelper.Configuration;
using MoMo.Domain.Files;
using MoMo.Edge.Formats.Rows;

namespace MoMo.Edge.Formats.Csv;

/// <summary>
/// CSV statements of any source, as its <see cref="CsvSettings"/> say. A position is a row of the file, the header counted.
/// Limits: 64 Ki characters a field, 1 MiB a row, 10,000,000 rows a file.
/// </summary>
/// <remarks>
/// Rows that become a fault: <c>row-short</c>, <c>row-long</c>, <c>row-torn</c>, <c>amount-missing</c>, <c>amount-malformed</c>,
/// <c>amount-too-fine</c>, <c>amount-too-large</c>, <c>amount-contradictory</c>, <c>currency-unknown</c>, <c>type-unknown</c>,
/// <c>paid-at-malformed</c>, <c>psp-reference-missing</c>, <c>psp-reference-too-long</c>, <c>account-too-long</c>,
/// <c>reference-too-long</c>. The file is refused for: <c>settings-invalid</c>, <c>header-missing</c>, <c>column-missing</c>,
/// <c>column-ambiguous</c>, <c>encoding-invalid</c>, <c>csv-malformed</c>, <c>field-too-large</c>, <c>piece-too-large</c>,
/// <c>file-too-long</c>.
/// </remarks>
public sealed class CsvFormat : IStatementFormat
{
    private const int FieldMax = 1 << 16;
    private const int RowBytesMax = 1 << 20;
    private const int RowsMax = 10_000_000;
    private const int BufferSize = 1 << 15;
    private const int HeaderRowsMax = 200;

    /// <inheritdoc/>
    public string Name => "csv";

    /// <inheritdoc/>
    public IAsyncEnumerable<Entry> ReadAsync(Stream file, StatementSource source, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(source);
        return RefusedFile.ReadAsync(CsvSettings.Parse(source.Settings), settings => RowsAsync(file, source, settings, cancellation), cancellation);
    }

    private static async IAsyncEnumerable<Entry> RowsAsync(
        Stream file, StatementSource source, CsvSettings settings, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var guard = new GuardedStream(file, RowBytesMax + 2 * BufferSize, cancellation);
        var encoding = settings.Encoding ?? Windows1252Fallback.Utf8;
        using var text = new StreamReader(guard, encoding, detectEncodingFromByteOrderMarks: true, BufferSize, leaveOpen: true);
        var torn = new CsvTear();
        using var rows = new CsvParser(text, Configure(settings, torn), leaveOpen: true);
        var header = await HeaderAsync(rows, settings, torn);
        if (settings.HasHeader && header is null)
            throw new FileFaultException("header-missing", settings.HeaderContains is { } sought
                ? $"No row of the first {HeaderRowsMax} holds '{sought}'." : "The file has no header row.");

        var where = new RowHeader(header);
        var map = new RowMap(settings.Rows, source, where, index => index < rows.Count ? rows[index] : "");
        var shape = new CsvShape(rows, where.Count, settings.ShortRows ? 1 : where.Count > 0 ? where.Count : map.FieldsMin, torn);
        while (await rows.ReadAsync())
        {
            cancellation.ThrowIfCancellationRequested();
            guard.Progress();
            if (rows.Row > RowsMax) throw new FileFaultException("file-too-long", $"A file holds at most {RowsMax:N0} rows.");
            if (Read(rows, shape, map, torn) is { } entry)
                yield return settings.FinalNewline && rows.RawRecord is not [.., '\n' or '\r']
                    ? new FaultEntry(rows.Row, "row-torn", "The last row has no line end; it may be cut off.") : entry;
        }
    }

    private static Entry? Read(CsvParser rows, CsvShape shape, RowMap map, CsvTear torn)
    {
        try
        {
            if (shape.IsEmpty()) return null;
            var entry = shape.Fault() ?? map.Read(rows.Row);
            return entry is PaymentEntry && torn.Take() ? new FaultEntry(rows.Row, "row-torn", "The row's quotation marks do not match.") : entry;
        }
        catch (CsvTornException)
        {
            return new FaultEntry(rows.Row, "row-torn", "The row's quotation marks do not match in many of its fields.");
        }
    }

    private static CsvConfiguration Configure(CsvSettings settings, CsvTear torn) => new(CultureInfo.InvariantCulture)
    {
        Delimiter = settings.Delimiter.ToString(),
        Mode = settings.Quote ? CsvMode.RFC4180 : CsvMode.NoEscape,
        BadDataFound = torn.Note,
        MaxFieldSize = FieldMax,
        BufferSize = BufferSize,
        IgnoreBlankLines = true,
    };

    /// <summary>The header's fields, empty without a header; null when the file ends before one was found.</summary>
    private static async ValueTask<string[]?> HeaderAsync(CsvParser rows, CsvSettings settings, CsvTear torn)
    {
        for (var skipped = 0; skipped < settings.SkipRows; skipped++)
            if (!await rows.ReadAsync()) return null;
        if (!settings.HasHeader) return [];
        for (var row = 0; row < HeaderRowsMax; row++)
        {
            if (!await rows.ReadAsync()) return null;
            torn.Take();
            var fields = rows.Record ?? [];
            if (settings.HeaderContains is not { } sought
                || Array.Exists(fields, field => field.Trim().Equals(sought.Trim(), StringComparison.OrdinalIgnoreCase)))
                return fields;
        }

        return null;
    }
}
