using System.Collections.Frozen;

namespace MoMo.Domain.Payments;

/// <summary>A currency of ISO 4217 in which money can be kept. Metals, test codes and funds without a minor unit are not.</summary>
public sealed class Currency
{
    // ISO 4217 list one, by number of decimals.
    private static readonly (int Decimals, string Codes)[] Table =
    [
        (0, """
            BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF
            """),
        (2, """
            AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD
            CAD CDF CHE CHF CHW CNY COP COU CRC CUC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL
            GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD
            LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN
            PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB
            TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG
            """),
        (3, """
            BHD IQD JOD KWD LYD OMR TND
            """),
        (4, """
            CLF UYW
            """),    ];

    private static readonly FrozenDictionary<string, Currency> Known = Table
        .SelectMany(row => row.Codes.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(code => new Currency(code, row.Decimals)))
        .ToFrozenDictionary(currency => currency.Code, StringComparer.Ordinal);

    private Currency(string code, int decimals) => (Code, Decimals) = (code, decimals);

    /// <summary>Three capital letters.</summary>
    public string Code { get; }

    /// <summary>Digits after the decimal point: 0 (UGX), 2 (KES), 3 (TND) or 4 (CLF).</summary>
    public int Decimals { get; }

    /// <summary>All of them.</summary>
    public static IReadOnlyCollection<Currency> All => Known.Values;

    /// <summary>The currency with this code, in capitals, or null.</summary>
    public static Currency? Find(ReadOnlySpan<char> code) =>
        Known.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(code, out var currency) ? currency : null;

    /// <inheritdoc/>
    public override string ToString() => Code;
}
