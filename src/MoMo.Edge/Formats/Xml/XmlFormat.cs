using System.Runtime.CompilerServices;
using System.Xml;
using MoMo.Domain.Files;
using MoMo.Edge.Formats.Rows;

namespace MoMo.Edge.Formats.Xml;

/// <summary>
/// XML statements of any source, as its <see cref="XmlSettings"/> say. A position counts the rows through the file. Limits: 1 MiB an XML
/// node, depth 64, 100,000 nodes and 1 Mi characters a row, 10,000,000 rows a file.
/// </summary>
/// <remarks>
/// A row that becomes a fault does so as in <see cref="Csv.CsvFormat"/>. The file is refused for: <c>settings-invalid</c>,
/// <c>xml-malformed</c> (a DTD too), <c>xml-too-deep</c>, <c>document-unknown</c> (another root element), <c>row-too-large</c>,
/// <c>piece-too-large</c>, <c>names-too-many</c>, <c>file-too-long</c>.
/// </remarks>
public sealed class XmlFormat : IStatementFormat
{
    private const int NodeBytesMax = 1 << 20;
    private const int RowsMax = 10_000_000;

    /// <inheritdoc/>
    public string Name => "xml";

    /// <inheritdoc/>
    public IAsyncEnumerable<Entry> ReadAsync(Stream file, StatementSource source, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(source);
        return RefusedFile.ReadAsync(XmlSettings.Parse(source.Settings), settings => RowsAsync(file, source, settings, cancellation), cancellation);
    }

    private static async IAsyncEnumerable<Entry> RowsAsync(
        Stream file, StatementSource source, XmlSettings settings, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var guard = new GuardedStream(file, NodeBytesMax, cancellation);
        using var xml = ForeignXml.Open(guard);
        var fields = new XmlFields(settings.Paths);
        var rows = new XmlRows(xml, guard, settings.Row, fields, cancellation);
        var map = new RowMap(settings.Rows, source, new RowHeader([.. settings.Paths]), fields.Value);
        for (var position = 1; await rows.NextAsync(); position++)
        {
            if (position > RowsMax) throw new FileFaultException("file-too-long", $"A file holds at most {RowsMax:N0} rows.");
            if (map.Read(position) is { } entry) yield return entry;
        }
    }
}
