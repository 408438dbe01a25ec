using MoMo.Silo.Api;
using MoMo.Silo.Demo;
using MoMo.Silo.Hosting;
using MoMo.Storage.Management;

try
{
    return await RunAsync(args);
}
catch (Exception e) when (StartFailure.Explain(e) is { } why)
{
    await Console.Error.WriteLineAsync(why);
    return e is StartException start ? start.ExitCode : 1;
}

// The one process: its parts, in the order they are needed.
static async Task<int> RunAsync(string[] args)
{
    var begin = TimeProvider.System.GetTimestamp();
    var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = Flags.ToSettings(args), ContentRootPath = AppContext.BaseDirectory });
    builder.AddHubSettings();
    builder.AddDemo();
    KnownSettings.Require(builder.Configuration);
    if (args.Contains(Flags.WhoseDatabase)) return HubDatabase.TellWhose(builder.Configuration);
    SoundSettings.Require(builder.Configuration);
    FreeAddresses.Require(builder.Configuration);
    await using var database = await HubDatabase.OpenAsync(builder.Configuration);

    builder.Services.AddHub(database.AppConnectionString, database.DataFolder);
    builder.Services.AddApi();

    await using var app = builder.Build();
    app.UseApi();
    app.MapApi();

    await HubSecrets.RequireAsync(app.Services);
    var admin = await FirstKey.EnsureAsync(app.Services.GetRequiredService<AdminKey>(), database.DataFolder);
    await app.StartAsync();
    Greeting.Show(app, database, admin, TimeProvider.System.GetElapsedTime(begin));
    await app.WaitForShutdownAsync();
    return 0;
}
