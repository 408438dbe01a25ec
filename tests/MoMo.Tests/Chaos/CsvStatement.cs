using System.Globalization;
using System.Text;
using MoMo.Tests.Support;

namespace MoMo.Tests.Chaos;

/// <summary>A long CSV statement, and the adapter <c>csv</c> that reads it.</summary>
internal static class CsvStatement
{
    /// <summary>Adds the adapter, at the PSP <c>psp</c>.</summary>
    public static Task AddAdapterAsync(HubClient hub) => hub.AddAdapterAsync(
        "csv", "psp", "csv", new { currency = "KES", columns = new { psp_reference = "id", amount = "amount", paid_at = "day", text = "text" } });

    /// <summary>A statement whose payments are for the accounts by turns.</summary>
    public static byte[] Of(int rows, params string[] accounts)
    {
        var statement = new StringBuilder("id,amount,day,text\n");
        for (var row = 0; row < rows; row++)
            statement.Append(CultureInfo.InvariantCulture, $"F{row},{row + 1}.50,2026-03-01,{accounts[row % accounts.Length]}\n");
        return Encoding.UTF8.GetBytes(statement.ToString());
    }
}
