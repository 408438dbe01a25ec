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

    /// <summary><c>psp_reference_prefix</c>: put before each id, for a PSP at which several of our accounts share ids; at most 60 characters.</summary>
    public required string PspReferencePrefix { get; init; }

    /// <summary><c>minor_units</c>: amounts are whole numbers of the smallest unit. False by default.</summary>
    public required bool MinorUnits { get; init; }

    /// <summary><c>only</c>: what an item must say to be final incoming money, by place; the rest is noted as pending.</summary>
    public required IReadOnlyDictionary<string, string> Only { get; init; }

    /// <summary>
    /// <c>reversals</c>: what an item says that takes money back, and where it names the payment that it takes it back from, such as
    /// <c>{"when": {"is_reversal": "true"}, "original": "transaction_id"}</c>. It is looked at before <c>only</c>; the amount may be negative. Null
    /// when the list has none.
    /// </summary>
    public JsonListReversals? Reversals { get; init; }

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
            PspReferencePrefix = ReferenceScope.Read(reader),
            MinorUnits = reader.Flag("minor_units", false),
            Only = Texts(reader, "only"),
            Reversals = reader.Value("reversals") is null ? null : ReadReversals(reader.Section("reversals")),
        };
        fields.Close();
        reader.Close();
        return reader.Refused is { } refusal ? refusal : parsed;
    }

    private static JsonListReversals ReadReversals(SettingsReader reader)
    {
        var read = new JsonListReversals(Texts(reader, "when"), reader.Text("original") ?? "");
        if (read.When.Count == 0) reader.Fault("when", "setting-missing", "Say what marks a reversal, such as {\"is_reversal\": \"true\"}.");
        if (read.Original.Length == 0) reader.Fault("original", "setting-missing", "Say where an item names the payment that it takes back.");
        reader.Close();
        return read;
    }

    private static Dictionary<string, string> Texts(SettingsReader reader, string name)
    {
        if (reader.Value(name) is not { } only) return [];
        if (only.ValueKind == JsonValueKind.Object && only.EnumerateObject().Count() <= OnlyMax
            && only.EnumerateObject().All(one => one.Value.ValueKind == JsonValueKind.String))
            return only.EnumerateObject().DistinctBy(one => one.Name).ToDictionary(one => one.Name, one => one.Value.GetString()!);
        reader.Fault(name, "setting-malformed", $"Give an object of at most {OnlyMax} texts, such as {{\"status\": \"SUCCESS\"}}.");
        return [];
    }
}
