using System.Globalization;
using MoMo.Domain.Payments;

namespace MoMo.Edge.Psps.MPesa;

/// <summary>Daraja's times: East Africa Time, without saying so.</summary>
internal static class DarajaTime
{
    private static readonly TimeSpan EastAfrica = TimeSpan.FromHours(3);

    /// <summary>14 digits, <c>yyyyMMddHHmmss</c>; null when they are no possible time.</summary>
    public static PaidAt? Read(string text) =>
        text.Length == 14
        && DateTime.TryParseExact(text, "yyyyMMddHHmmss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var local) && local.Year > 1
            ? new PaidAt(new DateTimeOffset(local, EastAfrica).ToUniversalTime())
            : null;
}
