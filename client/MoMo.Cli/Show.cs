using System.Globalization;

namespace MoMo.Cli;

/// <summary>Values as people read them in tables.</summary>
internal static class Show
{
    public static string Count(long count) => count.ToString(CultureInfo.InvariantCulture);

    public static string? Time(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static string Money(string amount, string currency) => $"{amount} {currency}";

    public static string? Mark(bool marked) => marked ? "yes" : null;
}
