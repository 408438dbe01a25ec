using System.Text.Json.Serialization;

namespace MoMo.Edge.Psps.MPesa;

/// <summary>The answer to a C2B validation, before the money moves. Daraja waits about 8 seconds for it.</summary>
/// <param name="ResultCode"><c>0</c>, or why not. A text, unlike in the answer to a confirmation.</param>
/// <param name="ResultDesc">For Daraja's log; the payer sees a text of Safaricom's own.</param>
public sealed record C2bValidationAnswer(
    [property: JsonPropertyName("ResultCode")] string ResultCode,
    [property: JsonPropertyName("ResultDesc")] string ResultDesc)
{
    /// <summary>The payment may go on.</summary>
    public static C2bValidationAnswer Accepted { get; } = new("0", "Accepted");

    /// <summary>The payer's number is not accepted.</summary>
    public static C2bValidationAnswer PhoneInvalid { get; } = new("C2B00011", "Rejected");

    /// <summary>Nobody has this account number.</summary>
    public static C2bValidationAnswer AccountInvalid { get; } = new("C2B00012", "Rejected");

    /// <summary>The amount is not accepted.</summary>
    public static C2bValidationAnswer AmountInvalid { get; } = new("C2B00013", "Rejected");

    /// <summary>The payer's identity is not accepted.</summary>
    public static C2bValidationAnswer KycInvalid { get; } = new("C2B00014", "Rejected");

    /// <summary>The shortcode is not ours.</summary>
    public static C2bValidationAnswer ShortcodeInvalid { get; } = new("C2B00015", "Rejected");

    /// <summary>Any other reason.</summary>
    public static C2bValidationAnswer Other { get; } = new("C2B00016", "Rejected");

    /// <summary>The answer to a message that could not be read, by the field that is to blame.</summary>
    public static C2bValidationAnswer For(Engine.Refusal refusal)
    {
        ArgumentNullException.ThrowIfNull(refusal);
        return refusal.Faults.Select(fault => fault.Field).FirstOrDefault() switch
        {
            "MSISDN" => PhoneInvalid,
            "BillRefNumber" => AccountInvalid,
            "TransAmount" => AmountInvalid,
            "BusinessShortCode" => ShortcodeInvalid,
            _ => Other,
        };
    }
}
