using MoMo.Domain.Payments;

namespace MoMo.Domain.Deliveries;

/// <summary>A delivery that is due now, with what it delivers.</summary>
/// <param name="Id">The receiver's <c>webhook-id</c>.</param>
/// <param name="Attempts">Attempts before this one.</param>
/// <param name="Payment">The payment, with the account's number for it.</param>
public sealed record DueDelivery(Guid Id, int Attempts, Payment Payment);
