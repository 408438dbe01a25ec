using MoMo.Domain.Files;

namespace MoMo.Edge.Formats.Ofx;

/// <summary>
/// Downloads of banks in OFX (and QFX, which is OFX): SGML of version 1 with or without end tags, XML of version 2. Nothing is ever
/// fetched: a DOCTYPE refuses the file. Settings: <see cref="OfxSettings"/>. A position counts the transactions through the file.
/// Limits: 64 Ki characters a value, 200 values a transaction.
/// </summary>
/// <remarks>
/// A transaction above zero is a payment; its <c>psp_reference</c> is <c>{BANKID}/{ACCTID}/{FITID}</c>, where what is missing falls away and
/// the adapter stands in for an account that is not named. The time is DTPOSTED: one without a zone is GMT, one of eight digits a
/// day. A deletion (CORRECTACTION) is a reversal.
/// <para>
/// Held as a fault: <c>psp-reference-missing</c>, <c>psp-reference-too-long</c>, <c>amount-missing</c>, <c>amount-malformed</c>,
/// <c>amount-too-fine</c>, <c>amount-too-large</c>, <c>currency-unknown</c>, <c>paid-at-missing</c>, <c>paid-at-malformed</c>,
/// <c>correction-held</c>, <c>transaction-torn</c>. The file is refused for <c>settings-invalid</c>, <c>document-unknown</c>,
/// <c>dtd-refused</c>, <c>status-error</c> (the bank says that it failed), <c>investments-refused</c>, <c>file-cut-off</c>,
/// <c>encoding-invalid</c>, <c>field-too-large</c>, <c>piece-too-large</c>.
/// </para>
/// </remarks>
public sealed class OfxFormat : IStatementFormat
{
    /// <inheritdoc/>
    public string Name => "ofx";

    /// <inheritdoc/>
    public IAsyncEnumerable<Entry> ReadAsync(Stream file, StatementSource source, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(source);
        return RefusedFile.ReadAsync(OfxSettings.Parse(source.Settings), settings => OfxReader.ReadAsync(file, source, settings, cancellation), cancellation);
    }
}
