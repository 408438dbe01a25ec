using MoMo.Engine;

namespace MoMo.Domain.Payments;

/// <summary>An exact amount: whole minor units of one ISO 4217 currency. Never a floating-point number.</summary>
/// <param name="MinorUnits">Such as 125050 for 1250.50 KES.</param>
/// <param name="Currency">Whose minor units.</param>
public sealed record Money(long MinorUnits, Currency Currency)
{
    /// <summary>The longest amount that is read, in characters.</summary>
    public const int TextMax = 32;

    /// <summary>Reads a payment's amount: major units as plain decimal text, such as <c>1250.50</c>, above zero.</summary>
    /// <returns>
    /// The amount, or a refusal of the field <c>amount</c> or <c>currency</c>: <c>currency-unknown</c>, <c>amount-malformed</c>,
    /// <c>amount-not-positive</c>, <c>amount-too-large</c>, <c>amount-too-fine</c>.
    /// </returns>
    public static Outcome<Money> Parse(ReadOnlySpan<char> amount, ReadOnlySpan<char> currency)
    {
        if (Currency.Find(currency) is not { } known)
            return Refusal.Of("currency", "currency-unknown", $"'{Shown(currency)}' is not an ISO 4217 currency that can be kept; use a code such as KES.");
        return Parse(amount, known);
    }

    /// <summary>Reads a payment's amount in a known currency.</summary>
    public static Outcome<Money> Parse(ReadOnlySpan<char> amount, Currency currency)
    {
        ArgumentNullException.ThrowIfNull(currency);
        if (amount is ['-', ..] && ReadDecimal(amount[1..], currency, out _) is null)
            return Refusal.Of("amount", "amount-not-positive", "A payment's amount is above zero; money going back is a reversal.");
        if (ReadDecimal(amount, currency, out var minor) is { } refusal) return refusal;
        if (minor == 0) return Refusal.Of("amount", "amount-not-positive", "A payment's amount is above zero.");
        return new Money(minor, currency);
    }

    /// <summary>Digits, at most one point between digits, no sign, no exponent, no thousands marks.</summary>
    private static Refusal? ReadDecimal(ReadOnlySpan<char> text, Currency currency, out long minor)
    {
        minor = 0;
        var point = text.IndexOf('.');
        var whole = point < 0 ? text : text[..point];
        var fraction = point < 0 ? default : text[(point + 1)..];
        if (text.Length > TextMax || whole.IsEmpty || (point >= 0 && fraction.IsEmpty) || !Digits(whole) || !Digits(fraction))
            return Refusal.Of("amount", "amount-malformed", $"'{Shown(text)}' is not a plain decimal number such as 1250.50.");

        fraction = fraction.TrimEnd('0'); // 8.850 EUR is 8.85 EUR
        if (fraction.Length > currency.Decimals)
            return Refusal.Of("amount", "amount-too-fine", $"{currency.Code} has {currency.Decimals} decimals; {Shown(text)} has more.");

        Int128 value = 0;
        foreach (var digit in whole) value = value * 10 + (digit - '0');
        for (var place = 0; place < currency.Decimals; place++)
            value = value * 10 + (place < fraction.Length ? fraction[place] - '0' : 0);
        if (value > MinorUnitsMax)
            return Refusal.Of("amount", "amount-too-large", $"{Shown(text)} {currency.Code} is more than one payment may hold.");
        minor = (long)value;
        return null;
    }

    /// <summary>The largest amount of one payment, in minor units: far below 2^63, so that sums of a billion of them do not overflow.</summary>
    public const long MinorUnitsMax = 999_999_999_999_999;

    /// <summary>Major units as decimal text with all the currency's decimals, such as <c>1250.50</c>.</summary>
    public string ToText()
    {
        if (Currency.Decimals == 0) return MinorUnits.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var sign = MinorUnits < 0 ? "-" : "";
        var digits = Int128.Abs(MinorUnits).ToString(System.Globalization.CultureInfo.InvariantCulture).PadLeft(Currency.Decimals + 1, '0');
        return $"{sign}{digits[..^Currency.Decimals]}.{digits[^Currency.Decimals..]}";
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Currency.Code} {ToText()}";

    private static bool Digits(ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange('0', '9');

    // Never cut inside a character: half of one can't be written.
    private static string Shown(ReadOnlySpan<char> text) =>
        text.Length > TextMax ? $"{text[..(char.IsHighSurrogate(text[TextMax - 1]) ? TextMax - 1 : TextMax)]}…" : text.ToString();
}
