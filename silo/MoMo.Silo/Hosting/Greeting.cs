using System.Diagnostics;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace MoMo.Silo.Hosting;

/// <summary>What a person sees when the hub is ready.</summary>
internal static class Greeting
{
    public static void Show(WebApplication app, HubDatabase database, FirstKey admin)
    {
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? HubSettings.UrlDefault;
        var seconds = (TimeProvider.System.GetUtcNow() - Process.GetCurrentProcess().StartTime.ToUniversalTime()).TotalSeconds;
        var demo = app.Configuration.GetValue<bool>("MoMo:Demo");
        Console.WriteLine(
            $"""

              MoMo is ready after {seconds:0.0} s.

              API     {address}/v1
              Docs    {address}/docs
              Status  {address}/status
              Data    {database.Place}
              Key     {admin.Text ?? "made before"}
                      the administrator's; {admin.Where}

              Try next, in another terminal:

            """);
        Console.WriteLine(demo
            ? """
                ./momo payments list              what the demo's PSP has paid so far
                ./momo suspense list              money that nobody could place
                ./momo deliveries list            what has arrived at the demo's account server
              """
            : """
                ./momo psps add mpesa --name M-Pesa
                ./momo accounts add acme --name Acme
                ./momo pay 1250.50 KES --psp mpesa --psp-reference QK7A1 --account acme
              """);
        Console.WriteLine("\n  Ctrl-C stops it.\n");
    }
}
