namespace MoMo.Domain.Payments;

/// <summary>What a PSP says has arrived: one standard payment, before anyone knows whose it is.</summary>
public sealed record PaymentNotice
{
    /// <summary>Longest psp_reference, in characters.</summary>
    public const int PspReferenceMax = 200;

    /// <summary>Longest account_id, reference_id and shortcode, in characters.</summary>
    public const int NameMax = 100;

    /// <summary>Longest text that a payer typed, in characters.</summary>
    public const int TextMax = 1_000;

    /// <summary>Longest metadata, in bytes of JSON.</summary>
    public const int MetadataMax = 4_096;

    /// <summary>Who moved the money.</summary>
    public required string Psp { get; init; }

    /// <summary>The PSP's own id of the payment: with <see cref="Psp"/> unique for ever.</summary>
    public required string PspReference { get; init; }

    /// <summary>How much.</summary>
    public required Money Amount { get; init; }

    /// <summary>The adapter it came through; null when the PSP posted it straight to the API.</summary>
    public string? Adapter { get; init; }

    /// <summary>The account the sender named.</summary>
    public string? AccountId { get; init; }

    /// <summary>The reference the sender named.</summary>
    public string? ReferenceId { get; init; }

    /// <summary>What the payer typed, where one field holds account, reference or both (BillRefNumber, remittance text).</summary>
    public string? Text { get; init; }

    /// <summary>Our number at the PSP that was paid to: shortcode, till, IBAN.</summary>
    public string? Shortcode { get; init; }

    /// <summary>When it was paid.</summary>
    public PaidAt? PaidAt { get; init; }

    /// <summary>Who paid.</summary>
    public Payer? Payer { get; init; }

    /// <summary>A JSON object of the sender's own, as text.</summary>
    public string? Metadata { get; init; }

    /// <summary>
    /// The names of the fields in which a repeat differs from what was taken before. Through the same adapter everything must agree;
    /// another adapter (a statement after a callback) describes the same money in other words, so there only the money must agree, and what no two
    /// descriptions of one payment say differently. Ids that merchants make are the same at two of them one day: what looks like a repeat and
    /// is none would be money that nobody gets.
    /// </summary>
    public IReadOnlyList<string> DifferencesFrom(PaymentNotice earlier)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        List<string> fields = [];
        if (Amount.MinorUnits != earlier.Amount.MinorUnits) fields.Add("amount");
        if (Amount.Currency != earlier.Amount.Currency) fields.Add("currency");
        if (Adapter != earlier.Adapter)
        {
            if (AccountId is { } account && earlier.AccountId is { } other && !Same(account, other)) fields.Add("account_id");
            if (ReferenceId is { } reference && earlier.ReferenceId is { } another && !Same(reference, another)) fields.Add("reference_id");
            if (Shortcode is { } ours && earlier.Shortcode is { } others && !Same(ours, others)) fields.Add("shortcode");
            if (PaidAt?.IsAnotherTime(earlier.PaidAt) == true) fields.Add("paid_at");
            if (Payer?.IsSomebodyElse(earlier.Payer) == true) fields.Add("payer");
            return fields;
        }

        if (AccountId != earlier.AccountId) fields.Add("account_id");
        if (ReferenceId != earlier.ReferenceId) fields.Add("reference_id");
        if (Text != earlier.Text) fields.Add("text");
        if (Shortcode != earlier.Shortcode) fields.Add("shortcode");
        if (PaidAt != earlier.PaidAt) fields.Add("paid_at");
        if (Payer != earlier.Payer) fields.Add("payer");
        if (!SameJson(Metadata, earlier.Metadata)) fields.Add("metadata");
        return fields;
    }

    /// <summary>Each adapter writes ids its own way.</summary>
    private static bool Same(string one, string other) => Accounts.Account.Canonical(one) == Accounts.Account.Canonical(other);

    private static bool SameJson(string? left, string? right)
    {
        if (left == right) return true;
        if (left is null || right is null) return false;
        using var one = System.Text.Json.JsonDocument.Parse(left);
        using var other = System.Text.Json.JsonDocument.Parse(right);
        try
        {
            return System.Text.Json.JsonElement.DeepEquals(one.RootElement, other.RootElement);
        }
        catch (ArgumentOutOfRangeException)
        {
            return false; // a number whose exponent has more digits than the framework compares, such as 1e9999999999
        }
    }
}
