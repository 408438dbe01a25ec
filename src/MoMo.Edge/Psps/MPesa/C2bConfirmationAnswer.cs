using System.Text.Json.Serialization;

namespace MoMo.Edge.Psps.MPesa;

/// <summary>The answer to a C2B confirmation. The money has moved: once it is stored the code is 0, for repeats and unknown accounts
/// too.</summary>
/// <param name="ResultCode">0 when stored. A number, unlike in the answer to a validation.</param>
/// <param name="ResultDesc">For Daraja's log.</param>
public sealed record C2bConfirmationAnswer(
    [property: JsonPropertyName("ResultCode")] int ResultCode,
    [property: JsonPropertyName("ResultDesc")] string ResultDesc)
{
    /// <summary>Stored.</summary>
    public static C2bConfirmationAnswer Received { get; } = new(0, "Success");

    /// <summary>Not stored: the message could not be read, or the hub is in trouble. Daraja may not send it again; the statement will
    /// tell.</summary>
    public static C2bConfirmationAnswer NotReceived(string why) => new(1, why);
}
