namespace MoMo.Edge.Formats.JsonList;

/// <summary>How a list tells money that goes back.</summary>
/// <param name="When">What an item says, by place; all of it.</param>
/// <param name="Original">The place where it names the psp_reference of the payment.</param>
public sealed record JsonListReversals(IReadOnlyDictionary<string, string> When, string Original);
