using MoMo.Domain.Files;

namespace MoMo.Domain.Turns;

/// <summary>What a kept message says that is no payment, on its way to the store; recorded once for its message and adapter.</summary>
/// <param name="Sha256">Of the message.</param>
/// <param name="Adapter">The adapter that it came through.</param>
/// <param name="Notice">What it says.</param>
/// <param name="ReceivedAt">When the hub received it.</param>
public sealed record KeptNotice(byte[] Sha256, string Adapter, NoticeEntry Notice, DateTimeOffset ReceivedAt);
