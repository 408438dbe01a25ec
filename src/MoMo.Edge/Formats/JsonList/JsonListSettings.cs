using System.Text.Json;
using MoMo.Engine;

namespace MoMo.Edge.Formats.JsonList;

/// <summary>Where a JSON answer has its payments, such as <c>{"items": "data.items", "fields": {"psp_reference": "id"}, "only": {"status": "SUCCESS"}}</c>.</summary>
public sealed record JsonListSettings
{
    /// <summary>What a payment may have; each is looked for under its own name unless <c>fields</c> names another place.</summary>
    internal static readonly string[] Names =
        ["psp_reference", "account_id", "reference_id", "amount", "currency", "paid_at", "text", "shortcode", "payer_name", "payer_phone", "payer_account"];

    private const int OnlyMax = 20;

    /// <summary><c>items</c>: the place of the list, names with dots between; empty for a file that is the list itself.</summary>
    public required string Items { get; init; }

    /// <summary><c>fields</c>: where an item has what.</summary>
    public required IReadOnlyDictionary<string, string> Fields { get; init; }

    /// <summary><c>currency</c>: of items that name none.</summary>
    public string? Currency { get; init; }

    /// <summary><c>minor_units</c>: amounts are whole numbers of the smallest unit. False by default.</summary>
    public required bool MinorUnits { get; init; }

    /// <summary><c>only</c>: what an item must say to be final incoming money, by place; the rest is noted as pending.</summary>
    public required IReadOnlyDictionary<string, string> Only { get; init; }

    /// <summary>Reads settings; an undefined element stands for the defaults.</summary>
    /// <returns>The settings, or <c>settings-invalid</c> with all faults.</returns>
    public static Outcome<JsonListSettings> Parse(JsonElement settings)
    {
        var reader = new SettingsReader(settings);
        var fields = reader.Section("fields");
        var parsed = new JsonListSettings
        {
            Items = reader.Text("items") ?? "",
            Fields = Names.ToDictionary(name => name, name => fields.Text(name) ?? name),
            Currency = reader.Text("currency"),
            MinorUnits = reader.Flag("minor_units", false),
            Only = Texts(reader),
        };
        fields.Close();
        reader.Close();
        return reader.Refused is { } refusal ? refusal : parsed;
    }

    private static Dictionary<string, string> Texts(SettingsReader reader)
    {
        if (reader.Value("only") is not { } only) return [];
        if (only.ValueKind == JsonValueKind.Object && only.EnumerateObject().Count() <= OnlyMax
            && only.EnumerateObject().All(one => one.Value.ValueKind == JsonValueKind.String))
            return only.EnumerateObject().DistinctBy(one => one.Name).ToDictionary(one => one.Name, one => one.Value.GetString()!);
        reader.Fault("only", "setting-malformed", $"Give an object of at most {OnlyMax} texts, such as {{\"status\": \"SUCCESS\"}}.");
        return [];
    }
}
