using MoMo.Silo.Api;
using MoMo.Silo.Hosting;

// The one process: its parts, in the order they are needed.
Commands.AnswerHelp(args);
var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = Flags.ToSettings(args), ContentRootPath = AppContext.BaseDirectory });
builder.AddHubSettings();
await using var database = await HubDatabase.OpenAsync(builder.Configuration);

builder.Services.AddHub(database.AppConnectionString, database.DataFolder);
builder.Services.AddApi();
builder.Services.AddTelemetry();

var app = builder.Build();
app.UseApi();
app.MapApi();
app.MapTelemetry();
await app.StartAsync();
await Greeting.ShowAsync(app, database);
await app.WaitForShutdownAsync();
