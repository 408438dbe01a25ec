using MoMo.Client.Wire;
using MoMo.Domain.Accounts;
using MoMo.Engine;
using MoMo.Storage.Management;

namespace MoMo.Silo.Api;

/// <summary>Destinations: how an account is told of its payments.</summary>
internal static class DestinationEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapDestinations()
        {
            var destinations = routes.MapGroup("/v1/accounts/{account}/destinations").WithTags("Destinations").RequireAuthorization("account")
                .Refuses(401, 403, 404);
            destinations.MapGet("/", List).WithSummary("List an account's destinations by id.").Produces<Page<DestinationView>>().Refuses(400);
            destinations.MapPost("/", Create).WithSummary("Create a destination.")
                .WithDescription("It is told of every payment from now on. The answer shows the signing secret, once. At most 20 for each account.")
                .Produces<DestinationView>(201).Refuses(400, 409, 415, 422);
            destinations.MapGet("/{destination}", Get).WithSummary("Read a destination.").Produces<DestinationView>().Produces(304);
            destinations.MapPut("/{destination}", Change).WithSummary("Change a destination; pause it or let it go on.")
                .WithDescription("A paused destination keeps what is due. If-Match is honoured.")
                .Produces<DestinationView>().Refuses(400, 409, 412, 415, 422);
            destinations.MapDelete("/{destination}", Delete).WithSummary("Delete a destination that nothing waits for.")
                .WithDescription("409 in-use while deliveries are pending. If-Match is honoured.").Produces(204).Refuses(409, 412);
        }
    }

    private static async Task<IResult> List(
        string account, [AsParameters] PageRequest page, HttpContext http, DestinationStore store, CancellationToken cancellation)
    {
        var query = page.Query();
        if (query.Refused is { } refusal) return Problems.Of(refusal);
        return await store.ListAsync(Account.Canonical(account), query.Accepted!, cancellation) is { } rows
            ? page.Answer(http, rows, row => row.Id, View)
            : Problems.Of(Unknown.Account(Account.Canonical(account)));
    }

    private static async Task<IResult> Get(
        string account, string destination, HttpContext http, DestinationStore store, CancellationToken cancellation)
    {
        var owner = Account.Canonical(account);
        return await store.FindAsync(owner, destination, cancellation) is { } row
            ? Answers.Found(http, View(row), row.Version)
            : Problems.Of(Unknown.Destination(owner, destination));
    }

    private static async Task<IResult> Create(
        string account,
        JsonBody<DestinationSpec> body,
        HttpContext http,
        DestinationStore store,
        ManagementParts parts,
        CancellationToken cancellation)
    {
        var checks = new Checks();
        var id = checks.NewId(body.Value.Id);
        var url = Read(body.Value, checks, parts);
        if (checks.Refusal is { } refusal) return Problems.Of(refusal);
        var outcome = await store.CreateAsync(Account.Canonical(account), id, Kind(body.Value), url, body.Value.Paused, cancellation);
        return Answers.Created(http, outcome, View, row => row.Version, row => $"/v1/accounts/{row.Account}/destinations/{row.Id}");
    }

    private static async Task<IResult> Change(
        string account,
        string destination,
        JsonBody<DestinationSpec> body,
        HttpContext http,
        DestinationStore store,
        ManagementParts parts,
        CancellationToken cancellation)
    {
        var checks = new Checks();
        checks.SameId(body.Value.Id, destination);
        var url = Read(body.Value, checks, parts);
        if (checks.Refusal is { } refusal) return Problems.Of(refusal);
        var outcome = await store.ChangeAsync(
            Account.Canonical(account), destination, Kind(body.Value), url, body.Value.Paused, ETags.Match(http.Request), cancellation);
        return Answers.Changed(http, outcome, View, row => row.Version);
    }

    private static async Task<IResult> Delete(
        string account, string destination, HttpContext http, DestinationStore store, CancellationToken cancellation) =>
        Answers.Deleted(await store.DeleteAsync(Account.Canonical(account), destination, ETags.Match(http.Request), cancellation));

    private static string Read(DestinationSpec spec, Checks checks, ManagementParts parts)
    {
        if (Kind(spec) != "webhook") checks.Fault("kind", "kind-unknown", "The kind is webhook.");
        return checks.Url("url", spec.Url, parts.CheckUrl);
    }

    private static string Kind(DestinationSpec spec) => spec.Kind ?? "webhook"; // a generated reader leaves out what the record would begin with

    private static DestinationView View(DestinationRow row) => new()
    {
        Id = row.Id,
        AccountId = row.Account,
        Kind = row.Kind,
        Url = row.Url,
        Paused = row.Paused,
        PausedReason = row.PausedReason,
        Secret = row.Secret,
        CreatedAt = row.CreatedAt,
        Version = row.Version,
    };
}
