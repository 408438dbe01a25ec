using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MoMo.Domain.Routing;
using MoMo.Edge.Webhooks;
using MoMo.Engine;
using MoMo.Silo.Api;
using MoMo.Silo.Identity;
using MoMo.Storage;
using MoMo.Storage.Catalog;
using MoMo.Storage.Management;
using Npgsql;

namespace MoMo.Tests.Support;

/// <summary>A silo with nothing but its managing parts, on a loopback port and a real database.</summary>
public class ManagementHost : IAsyncLifetime
{
    private static readonly string[] Formats = ["json", "mpesa-c2b", "camt.052", "camt.053", "camt.054", "mt940", "mt942", "ofx", "csv", "xml"];
    private WebApplication app = null!;

    public TestDatabase Database { get; private set; } = null!;

    /// <summary>An administrator.</summary>
    public HttpClient Admin { get; private set; } = null!;

    /// <summary>Somebody without a key.</summary>
    public HttpClient Anyone => Client(null);

    public FakeTimeProvider Clock { get; } = new();

    /// <summary>Goes with the test run.</summary>
    public string DataFolder { get; } = new TestFolder().Path;

    public IServiceProvider Services => app.Services;

    public IReadOnlyList<RouteEndpoint> Endpoints => [.. app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()];

    public Task InitializeAsync() => StartAsync(null);

    /// <summary>Another silo on the database of this one.</summary>
    public async Task<ManagementHost> StartAnotherAsync()
    {
        var other = new ManagementHost();
        await other.StartAsync(this);
        return other;
    }

    /// <summary>A client with a new key.</summary>
    public async Task<HttpClient> ClientAsync(params string[] scopes) => Client((await NewKeyAsync(scopes)).GetProperty("key").GetString());

    public async Task<JsonElement> NewKeyAsync(params string[] scopes)
    {
        var answer = await SendAsync(Admin, "POST", "/v1/keys", new { name = $"key {new Ids().Next()}", scopes });
        Assert.Equal(HttpStatusCode.Created, answer.Status);
        return answer.Json;
    }

    public HttpClient Client(string? key)
    {
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        var client = new HttpClient { BaseAddress = new Uri(address) };
        if (key is not null) client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    /// <summary>Sends a request; a string body goes as it is.</summary>
    internal static async Task<Answered> SendAsync(HttpClient client, string method, string path, object? body = null, string? ifMatch = null, string mediaType = "application/json")
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
            request.Content = new StringContent(body as string ?? JsonSerializer.Serialize(body), Encoding.UTF8, mediaType);
        if (ifMatch is not null) request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        return await Answered.ReadAsync(await client.SendAsync(request));
    }

    internal Task<Answered> AsAdminAsync(string method, string path, object? body = null, string? ifMatch = null) =>
        SendAsync(Admin, method, path, body, ifMatch);

    public virtual async Task DisposeAsync()
    {
        Admin.Dispose();
        await app.DisposeAsync();
    }

    private async Task StartAsync(ManagementHost? neighbour)
    {
        Database = neighbour?.Database ?? await PostgresFixture.CreateDatabaseAsync();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddOpenApi();
        AddParts(builder);
        app = builder.Build();
        MapParts(app);
        await app.StartAsync();
        Admin = neighbour is null
            ? Client((await app.Services.GetRequiredService<AdminKey>().EnsureAsync(DataFolder, CancellationToken.None)).Accepted)
            : Client(neighbour.Admin.DefaultRequestHeaders.Authorization!.Parameter);
    }

    /// <summary>What the silo is made of.</summary>
    protected virtual void AddParts(WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(_ => NpgsqlDataSource.Create(Database.AppConnectionString));
        builder.Services.AddSingleton<TimeProvider>(Clock);
        builder.Services.AddSingleton(new RuleReader(new NoLookups()));
        builder.Services.AddManagement(_ => new ManagementParts
        {
            CheckUrl = url => DestinationUrl.Check(url),
            CheckSettings = (format, _) => Formats.Contains(format) ? null : Refusal.Of("format", "format-unknown", $"There is no format '{format}'."),
            IsCalled = format => format == "mpesa-c2b",
            CredentialsOf = _ => [],
            SentBy = (_, _) => [],
            Seal = (purpose, secret) => $"sealed {purpose} {secret.Length}",
        });
        builder.Services.AddHostedService(all => new ChangeFeed(
            all.GetRequiredService<NpgsqlDataSource>(),
            all.GetRequiredService<KnownKeys>().Forget,
            all.GetRequiredService<KnownKeys>().Forget,
            TimeProvider.System,
            all.GetRequiredService<ILogger<ChangeFeed>>()));
    }

    /// <summary>What the silo answers.</summary>
    protected virtual void MapParts(WebApplication app)
    {
        app.UseProblems();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapManagement();
        app.MapOpenApi();
        app.MapGet("/broken/{how}", Break);
    }

    private static IResult Break(string how) => how switch
    {
        "busy" => throw new HubBusyException("Too much waits.", TimeSpan.FromMilliseconds(1_200)),
        "database" => throw new NpgsqlException("The server went away."),
        _ => throw new InvalidOperationException("a secret of the house"),
    };

    private sealed class NoLookups : ILookupClient
    {
        public Task<LookupAnswer> AskAsync(Uri url, string referenceId, TimeSpan deadline, CancellationToken cancellation) =>
            throw new InvalidOperationException("Nobody is asked here.");
    }
}
