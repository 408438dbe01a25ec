namespace MoMo.Simulator.Real;

/// <summary>A webhook as an account's server got it, its signature already checked.</summary>
/// <param name="Path">Where to.</param>
/// <param name="Id"><c>webhook-id</c>.</param>
/// <param name="Type">Such as <c>payment.accepted</c>.</param>
/// <param name="Payment">The payment's id.</param>
/// <param name="Account">The account that the body names.</param>
/// <param name="Sequence">The account's number for it.</param>
/// <param name="Attempt">Which attempt it says it is, from 1.</param>
internal sealed record ReceivedWebhook(string Path, string Id, string Type, Guid Payment, string Account, long Sequence, int Attempt);
