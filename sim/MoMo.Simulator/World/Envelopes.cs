using System.Text;
using MoMo.Domain.Payments;
using MoMo.Domain.Reversals;

namespace MoMo.Simulator.World;

/// <summary>The raw bytes that a simulated PSP sends.</summary>
internal static class Envelopes
{
    public static byte[] Body(PaymentNotice notice) =>
        Encoding.UTF8.GetBytes($"{notice.Psp}|{notice.PspReference}|{notice.Amount.ToText()}|{notice.Amount.Currency.Code}|{notice.AccountId}|{notice.ReferenceId}");

    public static byte[] Body(ReversalNotice notice) =>
        Encoding.UTF8.GetBytes($"{notice.Psp}|{notice.PspReference}|{notice.Amount.ToText()}|takes back {notice.OriginalReference}");
}
