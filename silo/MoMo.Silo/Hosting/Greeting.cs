using Microsoft.AspNetCore.Hosting.Server;
using MoMo.Silo.Demo;

namespace MoMo.Silo.Hosting;

/// <summary>What a person sees when the hub is ready. Everything in it works as it stands.</summary>
internal static class Greeting
{
    private const string DataDefault = "momo-data";

    public static void Show(WebApplication app, HubDatabase database, FirstKey admin, TimeSpan since)
    {
        var address = ListenAddress.Of(app.Services.GetRequiredService<IServer>());
        var demo = app.Services.GetService<DemoHost>();
        Console.WriteLine(
            $"""

              MoMo is ready after {since.TotalSeconds:0.0} s.

              API     {address}/v1
              Docs    {address}/docs
              Status  {address}/status
            """);
        if (demo?.Page is { } page) Console.WriteLine($"  Demo    {page}  what the accounts' server receives");
        Console.WriteLine($"  Data    {database.Place}\n  Key     {KeyText(admin)}\n");
        Console.WriteLine("  Try next, in another terminal:\n");
        foreach (var line in Needed(address, database.DataFolder)) Console.WriteLine($"    {line}");
        Console.WriteLine(demo is null
            ? """
                  ./momo psps add mpesa --name M-Pesa
                  ./momo accounts add acme --name Acme
                  ./momo pay 1250.50 KES --psp mpesa --psp-reference QK7A1 --account acme
              """
            : """
                  ./momo payments list      what the demo's PSPs have paid, about one a second
                  ./momo suspense list      money that nobody could place: mistyped references
                  ./momo deliveries list    what has arrived at the accounts, and what is tried again
              """);
        Console.WriteLine("\n  Ctrl-C stops it.\n");
    }

    /// <summary>The key is for a person's eyes: where output is kept, it stays out of it.</summary>
    private static string KeyText(FirstKey admin) =>
        admin.Text is { } text && !Console.IsOutputRedirected ? $"{text}\n          the administrator's; {admin.Where}" : $"the administrator's; {admin.Where}";

    /// <summary>What the commands must be told when the hub is not where they look for it.</summary>
    private static IEnumerable<string> Needed(string address, string data)
    {
        if (address != HubSettings.UrlDefault) yield return $"export MOMO_URL={address}";
        if (data != Path.GetFullPath(DataDefault)) yield return $"export MOMO_DATA={data}";
    }
}
