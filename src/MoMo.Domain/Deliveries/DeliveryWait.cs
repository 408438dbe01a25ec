namespace MoMo.Domain.Deliveries;

/// <summary>Why a delivery that is pending has not been sent yet, as far as the store knows.</summary>
/// <param name="Reason">The first of the reasons that hold it.</param>
/// <param name="Until">Not before this; null when nobody knows, or it is due.</param>
/// <param name="Behind">The delivery whose end it waits for; null unless that is the reason.</param>
public sealed record DeliveryWait(WaitReason Reason, DateTimeOffset? Until = null, Guid? Behind = null);
