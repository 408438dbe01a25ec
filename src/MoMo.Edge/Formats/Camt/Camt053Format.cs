using System.Text.RegularExpressions;
using MoMo.Domain.Files;

namespace MoMo.Edge.Formats.Camt;

/// <summary>
/// Bank statements of ISO 20022: <c>camt.053.001.01</c> to <c>.10</c>, read by structure and not by schema,
/// in UTF-8, UTF-16 or as declared.
/// Settings: <see cref="CamtSettings"/>. Limits: 1 MiB an XML node, depth 64, 500,000 nodes and 8 Mi characters an entry,
/// 1,000,000 payments a statement.
/// </summary>
/// <remarks>
/// A booked credit is a payment: one of a single entry, one of each transaction of a batch whose amounts add up to the entry's.
/// A position counts these movements through the file. A payment's <c>psp_reference</c> is <c>{account}/{id}</c>, where the account is the
/// IBAN (or other id) of the statement and the id is the first there is of:
/// <list type="number">
/// <item>the transaction's <c>AcctSvcrRef</c>;</item>
/// <item>the entry's <c>AcctSvcrRef</c>, in a batch followed by <c>#</c> and the transaction's number in its entry;</item>
/// <item><c>uetr:</c> and the UETR;</item>
/// <item><c>tx:</c> and the <c>TxId</c>;</item>
/// <item>the statement's <c>Id</c>, <c>:</c> and <c>NtryRef</c> or else a hash of date, amount, payer and text, in a batch
/// with <c>#</c> as above.</item>
/// </list>
/// The same id for the second, third… payment of one statement gets <c>*2</c>, <c>*3</c>…: twins are two payments. Neither
/// <c>#</c> nor <c>*</c> may stand in an id of a bank. What does not fit 200 characters is replaced by its SHA-256. So the same money has
/// the same
/// reference in every copy of a statement and in statements that overlap.
/// <para>
/// Entries that are held as a fault: <c>entry-incomplete</c>, <c>account-missing</c>, <c>batch-sum-mismatch</c>, <c>batch-unreadable</c>,
/// <c>paid-at-malformed</c>, <c>currency-unknown</c>, <c>amount-malformed</c>, <c>amount-not-positive</c>, <c>amount-too-fine</c>,
/// <c>amount-too-large</c>. Warnings: <c>balance-mismatch</c>, <c>creditor-reference-check</c>. The file is refused for:
/// <c>settings-invalid</c>, <c>xml-malformed</c> (a DTD too), <c>xml-too-deep</c>, <c>document-unknown</c>, <c>body-unknown</c>,
/// <c>entry-too-large</c>, <c>piece-too-large</c>, <c>names-too-many</c>, <c>file-too-long</c>.
/// </para>
/// </remarks>
public sealed partial class Camt053Format : IStatementFormat
{
    private static readonly CamtMessage Message = new("camt.053", "BkToCstmrStmt", "Stmt", Namespace());

    /// <inheritdoc/>
    public string Name => Message.Name;

    /// <inheritdoc/>
    public IAsyncEnumerable<Entry> ReadAsync(Stream file, StatementSource source, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(source);
        return CamtSettings.Parse(source.Settings).Match(
            accepted: settings =>
                RefusedFile.EndingAsync(CamtReader.ReadAsync(file, Message, source, settings, cancellation), cancellation),
            refused: refusal => new Entry[] { RefusedFile.Of(refusal) }.ToAsyncEnumerable());
    }

    [GeneratedRegex(@"^urn:iso:std:iso:20022:tech:xsd:camt\.053\.001\.(0[1-9]|10)$", RegexOptions.CultureInvariant)]
    private static partial Regex Namespace();
}
