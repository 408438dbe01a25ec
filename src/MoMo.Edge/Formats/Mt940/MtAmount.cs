using System.Buffers;
using System.Globalization;
using MoMo.Domain.Payments;

namespace MoMo.Edge.Formats.Mt940;

/// <summary>Reads amounts: a comma before the decimals, with or without digits on either side of it.</summary>
internal static class MtAmount
{
    /// <summary>What an amount is made of.</summary>
    public static readonly SearchValues<char> Letters = SearchValues.Create("0123456789.,");

    private const int LettersMax = 32;

    /// <summary>Plain decimal text with a point, such as <c>77</c> of <c>77,</c>; null when it is no amount. Points are read as thousands
    /// marks where a comma follows, else as the decimal mark if fewer than three digits come after one of them.</summary>
    public static string? Plain(ReadOnlySpan<char> amount)
    {
        amount = amount.Trim();
        if (amount.IsEmpty || amount.Length > LettersMax || amount.ContainsAnyExcept(Letters)) return null;
        var comma = amount.IndexOf(',');
        var whole = comma < 0 ? amount : amount[..comma];
        var fraction = comma < 0 ? default : amount[(comma + 1)..];
        if (fraction.ContainsAny('.', ',') || (whole.IsEmpty && fraction.IsEmpty)) return null;
        var point = whole.IndexOf('.');
        if (comma < 0 && point >= 0 && whole.LastIndexOf('.') == point && whole.Length - point - 1 < 3)
        {
            fraction = whole[(point + 1)..];
            whole = whole[..point];
        }
        else if (point >= 0 && !Grouped(whole))
        {
            return null;
        }

        var digits = whole.ToString().Replace(".", "", StringComparison.Ordinal).TrimStart('0');
        return $"{(digits.Length == 0 ? "0" : digits)}{(fraction.IsEmpty ? "" : ".")}{fraction}";
    }

    /// <summary>Null for more than a payment of any currency can be: sums of what is less do not overflow.</summary>
    public static decimal? Value(string plain) =>
        decimal.TryParse(plain, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value <= Money.MinorUnitsMax ? value : null;

    private static bool Grouped(ReadOnlySpan<char> whole)
    {
        var first = true;
        foreach (var group in whole.Split('.'))
        {
            var length = whole[group].Length;
            if (first ? length is 0 or > 3 : length != 3) return false;
            first = false;
        }

        return true;
    }
}
