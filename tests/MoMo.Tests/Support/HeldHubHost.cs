using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace MoMo.Tests.Support;

/// <summary>A whole silo whose clock is held: a day is over when the test says so. It may call servers on loopback.</summary>
public sealed class HeldHubHost : HubHost
{
    protected override void AddParts(WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Configuration["MoMo:Webhooks:AllowedNetworks:0"] = "127.0.0.0/8";
        builder.Configuration["MoMo:Webhooks:RequireHttps"] = "false";
        builder.Configuration["MoMo:Deliveries:Grace"] = "00:00:00";
        base.AddParts(builder);
        builder.Services.AddSingleton<TimeProvider>(Clock);
    }
}
