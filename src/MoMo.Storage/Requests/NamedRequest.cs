namespace MoMo.Storage.Requests;

/// <summary>A request that its caller named with an <c>Idempotency-Key</c>.</summary>
/// <param name="Caller">Id of the API key.</param>
/// <param name="Name">What the header says.</param>
/// <param name="Sha256">Of method, address and body: the same name never stands for two requests.</param>
public sealed record NamedRequest(string Caller, string Name, byte[] Sha256);
