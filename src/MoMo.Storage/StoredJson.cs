using System.Text.Json;
using System.Text.Json.Serialization;
using MoMo.Domain.Payments;
using MoMo.Domain.Routing;

namespace MoMo.Storage;

/// <summary>JSON inside columns. The names below are in every database: never rename one.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(Payer))]
[JsonSerializable(typeof(RuleFinding[]))]
[JsonSerializable(typeof(Management.CredentialRow[]))]
internal sealed partial class StoredJson : JsonSerializerContext
{
    /// <summary>A decision's trace; null for the one that most payments have: the sender named the account, and there it was.</summary>
    public static string? Trace(RoutingDecision decision) => decision is { Trace: [var only], AccountId: not null } && only == Named(decision)
        ? null
        : JsonSerializer.Serialize(decision.Trace as RuleFinding[] ?? [.. decision.Trace], Default.RuleFindingArray);

    /// <summary>Reads a trace back.</summary>
    public static IReadOnlyList<RuleFinding> Trace(string? stored, string? account, string? reference) => stored is null
        ? [Named(new RoutingDecision(account, reference, []))]
        : JsonSerializer.Deserialize(stored, Default.RuleFindingArray) ?? [];

    private static RuleFinding Named(RoutingDecision decision) => new("account", Domain.Routing.Verdict.Found, null, decision.AccountId, decision.ReferenceId);
}
