using MoMo.Domain.Files;

namespace MoMo.Edge.Formats.Mt940;

/// <summary>
/// Bank statements of SWIFT: <c>mt940</c>, and interim reports: <c>mt942</c>. Several messages a file, with or without SWIFT's blocks or a
/// bank's lines around them, with any ends of line. Settings: <see cref="MtSettings"/>. A position is the line of the file at which
/// an entry's :61: begins. Limits: 1 MiB a line, 64 Ki characters a field, 1,000,000 payments a statement.
/// </summary>
/// <remarks>
/// A credit is a payment. Marks: C and D, <c>RC</c> takes a credit back (minus, a reversal), <c>RD</c> takes a debit back (plus, our own
/// money returning); EC and ED are expected only. The letter after the mark is the third of the currency's code. An interim report (mt942,
/// or a message with :34F: or :13D:) makes no payments: what it shows may still change.
/// <para>
/// A payment's <c>psp_reference</c> is <c>{account}/{id}</c> where the account is :25: and the id is what follows <c>//</c> in :61:; without
/// that, <c>hash:</c> and a hash of the line and its :86:, blanks left out. The second, third… payment of one statement with the same
/// id gets <c>*2</c>, <c>*3</c>…: twins are two payments, and a line that a later page repeats is one.
/// </para>
/// <para>
/// Held as a fault: <c>line-malformed</c>, <c>line-outside</c>, <c>account-missing</c>, <c>currency-missing</c>, <c>currency-unknown</c>,
/// <c>paid-at-malformed</c>, <c>amount-too-fine</c>, <c>amount-too-large</c>. A statement is held for <c>balance-mismatch</c>,
/// <c>balance-unreadable</c>, <c>currency-changed</c>, <c>number-missing</c>. The file is refused for <c>settings-invalid</c>, <c>document-unknown</c>,
/// <c>statement-unclosed</c> (cut off, or without :62:), <c>encoding-invalid</c>, <c>field-too-large</c>, <c>piece-too-large</c>,
/// <c>file-too-long</c>.
/// </para>
/// </remarks>
public sealed class Mt940Format : IStatementFormat
{
    private readonly bool interim;

    private Mt940Format(string name, bool interim) => (Name, this.interim) = (name, interim);

    /// <summary><c>mt940</c>.</summary>
    public static Mt940Format Statement { get; } = new("mt940", false);

    /// <summary><c>mt942</c>.</summary>
    public static Mt940Format Interim { get; } = new("mt942", true);

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public IAsyncEnumerable<Entry> ReadAsync(Stream file, StatementSource source, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(source);
        return RefusedFile.ReadAsync(MtSettings.Parse(source.Settings), settings => MtReader.ReadAsync(file, source, settings, interim, cancellation), cancellation);
    }
}
