using System.Globalization;
using MoMo.Domain.Payments;
using MoMo.Engine;

namespace MoMo.Edge.Psps;

/// <summary>Amounts that are sent in minor units, as whole numbers.</summary>
internal static class Minor
{
    /// <summary>Reads whole minor units above zero.</summary>
    /// <param name="text">Digits alone.</param>
    /// <param name="code">Of ISO 4217.</param>
    /// <param name="hundredths">The PSP counts hundredths of currencies without decimals, too: what is no whole unit is refused.</param>
    /// <returns>The amount; or the codes of <see cref="Money.Parse(ReadOnlySpan{char}, ReadOnlySpan{char})"/>.</returns>
    public static Outcome<Money> Parse(string? text, string? code, bool hundredths = false)
    {
        if (Currency.Find(code ?? "") is not { } currency) return Money.Parse("1", code ?? "").Refused!;
        if (text is null || text.Length > Money.TextMax || !long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var minor))
            return text is ['-', ..]
                ? Refusal.Of("amount", "amount-not-positive", "A payment's amount is above zero; money going back is a reversal.")
                : Refusal.Of("amount", "amount-malformed", "The amount is not a whole number of minor units.");
        if (hundredths && currency.Decimals == 0)
        {
            if (minor % 100 != 0) return Refusal.Of("amount", "amount-too-fine", $"{currency.Code} has no hundredths.");
            minor /= 100;
        }

        if (minor == 0) return Refusal.Of("amount", "amount-not-positive", "A payment's amount is above zero.");
        return minor > Money.MinorUnitsMax
            ? Refusal.Of("amount", "amount-too-large", "The amount is more than one payment may hold.")
            : new Money(minor, currency);
    }
}
