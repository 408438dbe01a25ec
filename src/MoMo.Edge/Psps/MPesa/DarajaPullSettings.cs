using System.Text.Json;
using MoMo.Domain.Payments;
using MoMo.Edge.Formats;
using MoMo.Edge.Formats.Rows;
using MoMo.Engine;

namespace MoMo.Edge.Psps.MPesa;

/// <summary>What Daraja's answers do not say, such as <c>{"shortcode": "600000"}</c>.</summary>
public sealed record DarajaPullSettings
{
    /// <summary><c>shortcode</c>: the one that was asked about, for the rules that go by it; null for none.</summary>
    public required string? Shortcode { get; init; }

    /// <summary>
    /// <c>types</c>: the transactiontypes that are customers' payments, 1 to 20; <c>so*</c> stands for all that begin so. by default all with <c>c2b-*</c>
    /// but those that speak of a reversal. Others are noted, and never credited.
    /// </summary>
    public required IReadOnlyList<string> Types { get; init; }

    /// <summary>Whether transactions of this type are customers' payments.</summary>
    public bool IsPayment(string? type) =>
        Types.Count > 0 ? Types.Any(known => RowFilter.Fits(type, known)) : RowFilter.Fits(type, "c2b-*") && !RowFilter.Fits(type, "*revers*");

    /// <summary>Reads settings; an undefined element stands for the defaults.</summary>
    /// <returns>The settings, or <c>settings-invalid</c> with all faults: <c>setting-malformed</c>, <c>setting-unknown</c>.</returns>
    public static Outcome<DarajaPullSettings> Parse(JsonElement settings)
    {
        var reader = new SettingsReader(settings);
        var parsed = new DarajaPullSettings
        {
            Shortcode = reader.Text("shortcode"),
            Types = reader.Texts("types", 20),
        };
        if (parsed.Shortcode is { } shortcode && ForeignText.Clean(shortcode, PaymentNotice.NameMax) != shortcode)
            reader.Fault("shortcode", "setting-malformed", $"Give at most {PaymentNotice.NameMax} characters, none of them a control character.");
        reader.Close();
        return reader.Refused is { } refusal ? refusal : parsed;
    }
}
