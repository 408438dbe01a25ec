using System.Text.RegularExpressions;
using MoMo.Domain.Files;

namespace MoMo.Edge.Formats.Camt;

/// <summary>
/// Bank statements of ISO 20022: reports (<c>camt.052</c>), statements (<c>camt.053</c>) and notifications (<c>camt.054</c>) of versions
/// <c>001.01</c> to <c>001.13</c>, read by structure and not by schema, in UTF-8, UTF-16 or as declared.
/// Settings: <see cref="CamtSettings"/>. Limits: 1 MiB an XML node, depth 64, 500,000 nodes and 8 Mi characters an entry,
/// 1,000,000 payments a statement.
/// </summary>
/// <remarks>
/// A booked credit is a payment, in whichever of the three it stands, unless the settings say <c>"payments": false</c>; what is pending or
/// for information is a notice. The bank's mark CdtDbtInd is the direction of the money, of reversals too: RvslInd only tells what a
/// movement is. A booked credit is one payment of a single entry, one of each transaction of a batch whose amounts add up to the entry's.
/// A position counts these movements through the file. A payment's <c>psp_reference</c> is <c>{account}/{id}</c>, where the account is the
/// IBAN (or other id) of the statement and the id is the first there is of:
/// <list type="number">
/// <item>the transaction's <c>AcctSvcrRef</c>;</item>
/// <item>the entry's <c>AcctSvcrRef</c>, in a batch followed by <c>#</c> and the transaction's number in its entry;</item>
/// <item><c>uetr:</c> and the UETR;</item>
/// <item><c>tx:</c> and the <c>TxId</c>;</item>
/// <item><c>hash:</c> and a hash of days, amount, payer, text and end-to-end id, in a batch with <c>#</c> as above.</item>
/// </list>
/// The same id for the second, third… payment of one statement gets <c>*2</c>, <c>*3</c>…: twins are two payments. Neither
/// <c>#</c> nor <c>*</c> may stand in an id of a bank. What does not fit 200 characters is replaced by its SHA-256. So the same money has
/// the same
/// reference in every copy of a statement and in statements that overlap. (NtryRef and the statement's Id have no part in it: the
/// first is a running number at some banks and the same for all at others, the second differs in statements that overlap.)
/// <para>
/// Entries that are held as a fault: <c>entry-incomplete</c>, <c>account-missing</c>, <c>batch-sum-mismatch</c>, <c>batch-unreadable</c>,
/// <c>paid-at-malformed</c>, <c>currency-unknown</c>, <c>amount-malformed</c>, <c>amount-not-positive</c>, <c>amount-too-fine</c>,
/// <c>amount-too-large</c>. A statement whose balances don't close
/// is held: <c>balance-mismatch</c>. Warnings: <c>creditor-reference-check</c>, and <c>balance-mismatch</c> where the settings say so. The file is refused for:
/// <c>settings-invalid</c>, <c>xml-malformed</c> (a DTD too), <c>xml-too-deep</c>, <c>document-unknown</c>, <c>body-unknown</c>,
/// <c>entry-too-large</c>, <c>piece-too-large</c>, <c>names-too-many</c>, <c>file-too-long</c>.
/// </para>
/// </remarks>
public sealed partial class CamtFormat : IStatementFormat
{
    private readonly CamtMessage message;

    private CamtFormat(CamtMessage message) => this.message = message;

    /// <summary><c>camt.052</c>: what has moved today.</summary>
    public static CamtFormat Report { get; } = new(new("camt.052", "BkToCstmrAcctRpt", "Rpt", ReportNamespace()));

    /// <summary><c>camt.053</c>: what was booked.</summary>
    public static CamtFormat Statement { get; } = new(new("camt.053", "BkToCstmrStmt", "Stmt", StatementNamespace()));

    /// <summary><c>camt.054</c>: single debits and credits, or the parts of a batch.</summary>
    public static CamtFormat Notification { get; } =
        new(new("camt.054", "BkToCstmrDbtCdtNtfctn", "Ntfctn", NotificationNamespace()));

    /// <inheritdoc/>
    public string Name => message.Name;

    /// <inheritdoc/>
    public IAsyncEnumerable<Entry> ReadAsync(Stream file, StatementSource source, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(source);
        return RefusedFile.ReadAsync(CamtSettings.Parse(source.Settings), settings => CamtReader.ReadAsync(file, message, source, settings, cancellation), cancellation);
    }

    [GeneratedRegex(@"^urn:iso:std:iso:20022:tech:xsd:camt\.052\.001\.(0[1-9]|1[0-3])$", RegexOptions.CultureInvariant)]
    private static partial Regex ReportNamespace();

    [GeneratedRegex(@"^urn:iso:std:iso:20022:tech:xsd:camt\.053\.001\.(0[1-9]|1[0-3])$", RegexOptions.CultureInvariant)]
    private static partial Regex StatementNamespace();

    [GeneratedRegex(@"^urn:iso:std:iso:20022:tech:xsd:camt\.054\.001\.(0[1-9]|1[0-3])$", RegexOptions.CultureInvariant)]
    private static partial Regex NotificationNamespace();
}
