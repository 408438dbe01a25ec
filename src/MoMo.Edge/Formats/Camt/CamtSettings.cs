using System.Text.Json;
using MoMo.Engine;

namespace MoMo.Edge.Formats.Camt;

/// <summary>How a bank's camt files are read, such as <c>{"time_zone": "Europe/Berlin"}</c>.</summary>
public sealed record CamtSettings
{
    /// <summary><c>time_zone</c>: the bank's, for times that carry none. An IANA name; UTC by default.</summary>
    public required TimeZoneInfo TimeZone { get; init; }

    /// <summary><c>balance_mismatch</c>: <c>hold</c> (default) credits nothing of a statement whose balances don't close; <c>take</c> only
    /// remarks on it. A file that was held is taken when it is sent again after the change.</summary>
    public required bool HoldsMismatch { get; init; }

    /// <summary><c>payments</c>: whether booked credits are payments, and reversals take back; true by default. False for the messages that a bank
    /// sends besides about the same money: they only note it, since ids differ from one type of message to another.</summary>
    public required bool MakesPayments { get; init; }

    /// <summary>Reads settings; an undefined element stands for the defaults.</summary>
    /// <returns>The settings, or <c>settings-invalid</c> with all faults: <c>setting-malformed</c>, <c>setting-unknown</c>,
    /// <c>time-zone-unknown</c>.</returns>
    public static Outcome<CamtSettings> Parse(JsonElement settings)
    {
        var reader = new SettingsReader(settings);
        var parsed = new CamtSettings
        {
            TimeZone = reader.Zone("time_zone"),
            HoldsMismatch = reader.Choice("balance_mismatch", "hold", "take") == "hold",
            MakesPayments = reader.Flag("payments", true),
        };
        reader.Close();
        if (reader.Refused is { } refusal) return refusal;
        return parsed;
    }
}
