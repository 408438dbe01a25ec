using MoMo.Client.Adapters;
using MoMo.Client.Wire;

namespace MoMo.Tests.Docs;

/// <summary>The adapter of docs/ADAPTERS.md, as the document has it.</summary>
internal static class AdapterSnippet
{
    public static async Task<IReadOnlyList<string>> BringAsync(HttpClient http, string key, IEnumerable<(string Id, string Amount)> sales)
    {
        List<string> refused = [];
        await using var host = await AdapterHost.StartAsync(http, new AdapterHostOptions { Adapter = "till", Key = key });
        foreach (var sale in sales)
        {
            var answer = await host.SendAsync(new NewPayment
            {
                Psp = "till", PspReference = sale.Id, AccountId = "shop", Amount = sale.Amount, Currency = "KES",
            });
            if (answer.Status >= 300) refused.Add($"{sale.Id}: {answer.Code}");
        }

        return refused;
    }
}
