namespace MoMo.Edge.Formats.Rows;

/// <summary>Where a row says what: section <c>columns</c> (CSV) or <c>fields</c> (XML) of the settings.</summary>
public sealed record RowColumns
{
    /// <summary><c>psp_reference</c>: the PSP's id; of several columns joined by <c>/</c>.</summary>
    public required IReadOnlyList<RowColumn> PspReference { get; init; }

    /// <summary>
    /// <c>psp_reference_hash</c>: for a source without ids, the columns that make a row itself. Their hash is the psp_reference; the
    /// second, third… row of a file that is the same in them gets <c>*2</c>, <c>*3</c>…. At most 2,000,000 payments a file.
    /// </summary>
    public required IReadOnlyList<RowColumn> PspReferenceHash { get; init; }

    /// <summary><c>amount</c>: above zero is money coming in, below zero going out; or unsigned, when <c>type</c> tells. This or
    /// <c>credit</c> is needed.</summary>
    public required RowColumn? Amount { get; init; }

    /// <summary><c>amount_minus</c>: taken off the amount, such as what was refunded since.</summary>
    public required IReadOnlyList<RowColumn> AmountMinus { get; init; }

    /// <summary><c>credit</c>: money coming in.</summary>
    public required RowColumn? Credit { get; init; }

    /// <summary><c>debit</c>: money going out, with or without a minus sign.</summary>
    public required RowColumn? Debit { get; init; }

    /// <summary><c>type</c>: tells by <c>type_values</c> whether money comes in or goes out.</summary>
    public required RowColumn? Type { get; init; }

    /// <summary><c>currency</c>: an ISO 4217 code in small or capital letters.</summary>
    public required RowColumn? Currency { get; init; }

    /// <summary><c>paid_at</c>.</summary>
    public required IReadOnlyList<RowColumn> PaidAt { get; init; }

    /// <summary><c>zone</c>: the IANA time zone of the row's time.</summary>
    public required RowColumn? Zone { get; init; }

    /// <summary><c>account</c>: the account the sender named.</summary>
    public required RowColumn? Account { get; init; }

    /// <summary><c>reference</c>: the reference the sender named.</summary>
    public required RowColumn? Reference { get; init; }

    /// <summary><c>original_reference</c>: of a reversal, the psp_reference of the payment that it takes back.</summary>
    public required RowColumn? OriginalReference { get; init; }

    /// <summary><c>text</c>: what the payer typed; of several columns as <c>text_of</c> says.</summary>
    public required IReadOnlyList<RowColumn> Text { get; init; }

    /// <summary><c>payer_name</c>.</summary>
    public required RowColumn? PayerName { get; init; }

    /// <summary><c>payer_phone</c>.</summary>
    public required RowColumn? PayerPhone { get; init; }

    /// <summary><c>payer_account</c>.</summary>
    public required RowColumn? PayerAccount { get; init; }

    /// <summary><c>shortcode</c>: our number that was paid to.</summary>
    public required RowColumn? Shortcode { get; init; }

    /// <summary>Every column that is set.</summary>
    internal IEnumerable<RowColumn> All()
    {
        RowColumn?[] single =
        [
            Amount, Credit, Debit, Type, Currency, Zone, Account, Reference, OriginalReference, PayerName, PayerPhone, PayerAccount, Shortcode,
        ];
        return [.. single.OfType<RowColumn>(), .. PspReference, .. PspReferenceHash, .. AmountMinus, .. PaidAt, .. Text];
    }

    internal static RowColumns Read(SettingsReader reader, bool hasHeader)
    {
        RowColumn? One(string name) => RowColumn.Read(reader, name, hasHeader);
        IReadOnlyList<RowColumn> Several(string name) => RowColumn.ReadSeveral(reader, name, hasHeader);
        var columns = new RowColumns
        {
            PspReference = Several("psp_reference"),
            PspReferenceHash = Several("psp_reference_hash"),
            Amount = One("amount"),
            AmountMinus = Several("amount_minus"),
            Credit = One("credit"),
            Debit = One("debit"),
            Type = One("type"),
            Currency = One("currency"),
            PaidAt = Several("paid_at"),
            Zone = One("zone"),
            Account = One("account"),
            Reference = One("reference"),
            OriginalReference = One("original_reference"),
            Text = Several("text"),
            PayerName = One("payer_name"),
            PayerPhone = One("payer_phone"),
            PayerAccount = One("payer_account"),
            Shortcode = One("shortcode"),
        };
        reader.Close();
        if (columns.PspReference.Count == 0 == (columns.PspReferenceHash.Count == 0))
            reader.Fault("psp_reference", "setting-missing", "Give psp_reference or psp_reference_hash, and not both.");
        if (columns.Amount is null == columns.Credit is null)
            reader.Fault("amount", "setting-missing", "Give amount or credit, and not both.");
        if (columns.Amount is not null && columns.Debit is not null)
            reader.Fault("debit", "setting-contradictory", "A debit column goes with a credit column.");
        if (columns.Type is not null && columns.Amount is null)
            reader.Fault("type", "setting-contradictory", "A type column goes with an amount column.");
        if (columns.Zone is not null && columns.PaidAt.Count == 0)
            reader.Fault("zone", "setting-contradictory", "A zone column goes with paid_at.");
        return columns;
    }
}
