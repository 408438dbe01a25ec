namespace MoMo.Client.Wire;

/// <summary>A payment as a PSP or adapter reports it: <c>POST /v1/payments</c>.</summary>
public sealed record NewPayment
{
    /// <summary>Who moved the money: the id of a PSP that the hub knows.</summary>
    public required string Psp { get; init; }

    /// <summary>The PSP's own id of the payment, unique for ever within the PSP. 1 to 200 characters.</summary>
    public required string PspReference { get; init; }

    /// <summary>The account it is for. Of this, <see cref="ReferenceId"/>, <see cref="Text"/> and <see cref="Shortcode"/> at least one. At most 100 characters.</summary>
    public string? AccountId { get; init; }

    /// <summary>The customer of an account it is for. At most 100 characters.</summary>
    public string? ReferenceId { get; init; }

    /// <summary>What the payer typed, where one field holds account, reference or both, such as <c>"acme#4711"</c>. At most 1,000 characters.</summary>
    public string? Text { get; init; }

    /// <summary>The number at the PSP that was paid to: shortcode, till, IBAN. At most 100 characters.</summary>
    public string? Shortcode { get; init; }

    /// <summary>Major units as plain decimal text above zero, such as <c>"1250.50"</c>; no more decimals than the currency has.</summary>
    public required string Amount { get; init; }

    /// <summary>ISO 4217 code in capitals, such as <c>"KES"</c>.</summary>
    public required string Currency { get; init; }

    /// <summary>When the payer paid: RFC 3339 date and time with an offset, or a date alone.</summary>
    public string? PaidAt { get; init; }

    /// <summary>Who paid.</summary>
    public PayerView? Payer { get; init; }

    /// <summary>A JSON object of the sender's own, at most 4,096 bytes.</summary>
    public System.Text.Json.JsonElement? Metadata { get; init; }
}
