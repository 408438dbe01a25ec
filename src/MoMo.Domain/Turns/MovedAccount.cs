namespace MoMo.Domain.Turns;

/// <summary>An account of a turn that was decided from memory.</summary>
/// <param name="Id">The account.</param>
/// <param name="Version">Its version as memory knows it; see <see cref="FencedAccount"/>.</param>
/// <param name="From">The last number that it gave, as memory knows it.</param>
/// <param name="To">The last number that it gave once the turn is recorded.</param>
public sealed record MovedAccount(string Id, long Version, long From, long To);
