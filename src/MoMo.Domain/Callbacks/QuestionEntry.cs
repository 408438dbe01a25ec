using MoMo.Domain.Files;
using MoMo.Domain.Routing;

namespace MoMo.Domain.Callbacks;

/// <summary>
/// The PSP asks, before money moves, whether it may: it may when the adapter's rules find an account, and that account, where it has a lookup URL, knows
/// the reference.
/// </summary>
/// <param name="Query">What is known of the payment.</param>
public sealed record QuestionEntry(RoutingQuery Query) : Entry(1);
