using System.Globalization;

namespace MoMo.Cli.Simulation;

/// <summary>A payment as the simulated PSP knows it.</summary>
/// <param name="Number">Which, from 1.</param>
/// <param name="PspReference">The PSP's own id of it.</param>
/// <param name="Account">Whose it is.</param>
/// <param name="Reference">The account's customer; null for none.</param>
/// <param name="MinorUnits">How much, in the currency's smallest unit.</param>
/// <param name="Currency">ISO 4217 code.</param>
/// <param name="PaidAt">When it was paid.</param>
internal sealed record SimulatedPayment(
    int Number, string PspReference, string Account, string? Reference, long MinorUnits, string Currency, DateTimeOffset PaidAt)
{
    /// <summary>In major units, with all the currency's decimals.</summary>
    public string Amount => Currency is "UGX" or "XOF"
        ? MinorUnits.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{MinorUnits / 100}.{MinorUnits % 100:00}");

    /// <summary>In major units, for JSON that writes amounts as numbers.</summary>
    public decimal Major => decimal.Parse(Amount, CultureInfo.InvariantCulture);

    /// <summary>What a payer types: the account, and the customer behind a # when there is one.</summary>
    public string Typed => Reference is null ? Account : $"{Account}#{Reference}";

    /// <summary>What a merchant names a payment: the account before the #, the customer, if any, behind it.</summary>
    public string Named => $"{Account}#{Reference}";

    /// <summary>The payer's number, one for each payment.</summary>
    public string Phone(string country) => string.Create(CultureInfo.InvariantCulture, $"{country}7{Number % 100_000_000:D8}");
}
