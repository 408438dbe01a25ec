using System.Globalization;
using System.Text.Json;

namespace MoMo.Silo.Demo;

/// <summary>What a PSP of the demo sends.</summary>
/// <param name="Callback">It goes to M-Pesa's callback; else to the API.</param>
/// <param name="Fields">Its fields.</param>
internal sealed record DemoMessage(bool Callback, IReadOnlyDictionary<string, object> Fields)
{
    private static readonly string[] Names = ["JANE", "OTIENO", "NAKATO", "AMINA", "MWANGI", "KATO", "ZAWADI", "JUMA"];

    /// <summary>The body; the same each time.</summary>
    public byte[] Body => JsonSerializer.SerializeToUtf8Bytes(Fields);

    /// <summary>A payment to our paybill, as Daraja tells it.</summary>
    public static DemoMessage MPesa(string id, string text, Random chance, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(chance);
        return new DemoMessage(true, new Dictionary<string, object>
        {
            ["TransactionType"] = "Pay Bill",
            ["TransID"] = id,
            ["TransTime"] = now.ToOffset(TimeSpan.FromHours(3)).ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture),
            ["TransAmount"] = string.Create(CultureInfo.InvariantCulture, $"{chance.Next(5, 400) * 10}.00"),
            ["BusinessShortCode"] = "600638",
            ["BillRefNumber"] = text,
            ["MSISDN"] = string.Create(CultureInfo.InvariantCulture, $"2547*****{chance.Next(100, 1_000)}"),
            ["FirstName"] = Names[chance.Next(Names.Length)],
        });
    }

    /// <summary>A payment in the standard form, for a reference or for an account itself.</summary>
    public static DemoMessage Standard(string psp, string id, string field, string whose, string currency, Random chance, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(chance);
        var major = chance.Next(1, 300) * (currency == "UGX" ? 500 : 50);
        return new DemoMessage(false, new Dictionary<string, object>
        {
            ["psp"] = psp,
            ["psp_reference"] = id,
            [field] = whose,
            ["amount"] = major.ToString(CultureInfo.InvariantCulture),
            ["currency"] = currency,
            ["paid_at"] = now.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
        });
    }

    /// <summary>The same payment with one unit more: what a hub must never take.</summary>
    public DemoMessage Changed()
    {
        var name = Callback ? "TransAmount" : "amount";
        var more = decimal.Parse((string)Fields[name], CultureInfo.InvariantCulture) + 1;
        return this with { Fields = new Dictionary<string, object>(Fields) { [name] = more.ToString(CultureInfo.InvariantCulture) } };
    }
}
