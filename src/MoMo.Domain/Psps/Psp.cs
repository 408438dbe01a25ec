namespace MoMo.Domain.Psps;

/// <summary>Who moves the money: operator, bank, acquirer.</summary>
/// <param name="Id">1 to 64 of a-z, 0-9, '.', '_' and '-'.</param>
/// <param name="Archived">Brings nothing new.</param>
public sealed record Psp(string Id, bool Archived);
