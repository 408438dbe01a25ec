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
internal sealed partial class StoredJson : JsonSerializerContext
{
    /// <summary>A decision's trace.</summary>
    public static string Trace(RoutingDecision decision) =>
        JsonSerializer.Serialize(decision.Trace as RuleFinding[] ?? [.. decision.Trace], Default.RuleFindingArray);
}
