using Microsoft.AspNetCore.Builder;
using MoMo.Silo.Api;
using MoMo.Silo.Hosting;

namespace MoMo.Tests.Support;

/// <summary>A whole silo, as its Program makes it, on a loopback port and a real database.</summary>
public class HubHost : ManagementHost
{
    protected override void AddParts(WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddHub(Database.AppConnectionString, DataFolder);
        builder.Services.AddApi();
    }

    protected override void MapParts(WebApplication app)
    {
        app.UseApi();
        app.MapApi();
    }
}
