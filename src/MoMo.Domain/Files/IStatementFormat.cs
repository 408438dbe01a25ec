namespace MoMo.Domain.Files;

/// <summary>Reads one format of statement files. One small folder of <c>src/MoMo.Edge/Formats</c> each.</summary>
public interface IStatementFormat
{
    /// <summary>Its name in an adapter's configuration, such as <c>camt.053</c>.</summary>
    string Name { get; }

    /// <summary>
    /// Reads a file from its start in bounded memory. What can be read is yielded even when the rest can't be:
    /// a fault is an entry too, and a file that is refused as a whole ends with a <see cref="FileRefused"/>.
    /// Never throws for what the file holds.
    /// </summary>
    /// <param name="file">The bytes; read once, forward, not closed.</param>
    /// <param name="source">The adapter that the file came through.</param>
    /// <param name="cancellation">Ends the reading.</param>
    IAsyncEnumerable<Entry> ReadAsync(Stream file, StatementSource source, CancellationToken cancellation);
}
