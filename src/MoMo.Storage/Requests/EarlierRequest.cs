namespace MoMo.Storage.Requests;

/// <summary>A request of the same caller and name that came before.</summary>
/// <param name="IsSame">Whether it asked for the same.</param>
/// <param name="BegunAt">When it came.</param>
/// <param name="Status">What it was answered with; null while it is being done, and when nobody knows what became of it.</param>
/// <param name="Answer">The sealed answer; null as long as there is none.</param>
public sealed record EarlierRequest(bool IsSame, DateTimeOffset BegunAt, int? Status, string? Answer);
