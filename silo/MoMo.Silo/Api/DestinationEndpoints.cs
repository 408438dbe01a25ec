using Microsoft.Extensions.Options;
using MoMo.Client.Wire;
using MoMo.Domain.Accounts;
using MoMo.Domain.Deliveries;
using MoMo.Engine;
using MoMo.Storage.Deliveries;
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
            destinations.MapGet("/", List).WithSummary("List an account's destinations by id, with how they fare.").Produces<Page<DestinationView>>().Refuses(400);
            destinations.MapPost("/", Create).Idempotent().WithSummary("Create a destination.")
                .WithDescription("It is told of every payment from now on. The answer shows a webhook's signing secret, once. At most 20 for each account.")
                .Produces<DestinationView>(201).Refuses(400, 409, 415, 422);
            destinations.MapGet("/{destination}", Get).WithSummary("Read a destination, and how it fares.")
                .WithDescription("Its ETag is that of its configuration; its health changes without it, so this never answers 304.")
                .Produces<DestinationView>();
            destinations.MapPut("/{destination}", Change).WithSummary("Change a destination; pause it or let it go on.")
                .WithDescription("A paused destination keeps what is due. Without credentials those that are there stay. If-Match is honoured.")
                .Produces<DestinationView>().Refuses(400, 409, 412, 415, 422);
            destinations.MapPost("/{destination}/rotate", Rotate).Idempotent().WithSummary("Give a destination a new signing secret.")
                .WithDescription("The answer shows it, once. The secret before signs, too, for 24 hours or until the rotation is ended.")
                .Produces<DestinationView>().Refuses(409);
            destinations.MapPost("/{destination}/rotate/end", EndRotation).WithSummary("End a rotation: only the new secret signs from now on.")
                .Produces<DestinationView>();
            destinations.MapPost("/{destination}/rotate/undo", UndoRotation).WithSummary("Take a rotation back: the secret of before signs alone again.")
                .WithDescription("For whoever never got to see the new secret. While the rotation runs, only.")
                .Produces<DestinationView>().Refuses(409);
            destinations.MapDelete("/{destination}", Delete).WithSummary("Delete a destination that nothing waits for.")
                .WithDescription("409 in-use while deliveries are pending, and 409 dead-letters while it has some, unless they are given up: dead letters of any, pending ones of a paused one. If-Match is honoured.")
                .Produces(204).Refuses(400, 409, 412);
        }
    }

    private static async Task<IResult> List(
        string account,
        HttpContext http,
        DestinationStore store,
        LaneStates lanes,
        IOptions<DelivererOptions> options,
        TimeProvider clock,
        string? after,
        int? limit,
        CancellationToken cancellation)
    {
        var query = new ListQuery(http).Limit(limit).AfterKey(after);
        if (query.Refused is { } refusal) return Problems.Of(refusal);
        if (await store.ListAsync(Account.Canonical(account), query.Rows(), cancellation) is not { } rows)
            return Problems.Of(Unknown.Account(Account.Canonical(account)));
        var states = await lanes.FindAsync([.. rows.Select(row => row.Lane)], cancellation);
        return query.Page(rows, row => row.Id, row => View(row, states, options.Value, clock));
    }

    private static async Task<IResult> Get(
        string account,
        string destination,
        HttpContext http,
        DestinationStore store,
        LaneStates lanes,
        IOptions<DelivererOptions> options,
        TimeProvider clock,
        CancellationToken cancellation)
    {
        var owner = Account.Canonical(account);
        if (await store.FindAsync(owner, destination, cancellation) is not { } row) return Problems.Of(Unknown.Destination(owner, destination));
        return Answers.Live(http, View(row, await lanes.FindAsync([row.Lane], cancellation), options.Value, clock), row.Version);
    }

    private static DestinationView View(DestinationRow row, IReadOnlyDictionary<long, LaneState> states, DelivererOptions options, TimeProvider clock) =>
        DestinationForm.View(row, clock.GetUtcNow()) with { Health = LaneViews.Of(row, states.GetValueOrDefault(row.Lane), options.FailingMax) };

    private static async Task<IResult> Create(
        string account,
        JsonBody<DestinationSpec> body,
        HttpContext http,
        DestinationStore store,
        ManagementParts parts,
        TimeProvider clock,
        CancellationToken cancellation)
    {
        var checks = body.Checks;
        var id = checks.NewId(body.Value.Id);
        var draft = await DestinationForm.ReadAsync(Account.Canonical(account), null, body.Value, checks, parts, cancellation);
        var missing = DestinationDraft.CredentialsMissing;
        if (draft.IsWithoutCredentials) checks.Fault(missing.Field, missing.Code, missing.Detail);
        var pair = DestinationForm.ReadSigning(body.Value, checks, parts);
        if (checks.Refusal is { } refusal) return Problems.Of(refusal);
        var outcome = await store.CreateAsync(Account.Canonical(account), id, draft, DestinationForm.MakeSecret(body.Value, pair, parts), cancellation);
        return Answers.Created(
            http, outcome, row => DestinationForm.View(row, clock.GetUtcNow()), row => row.Version, row => $"/v1/accounts/{row.Account}/destinations/{row.Id}");
    }

    private static async Task<IResult> Change(
        string account,
        string destination,
        JsonBody<DestinationSpec> body,
        HttpContext http,
        DestinationStore store,
        ManagementParts parts,
        TimeProvider clock,
        CancellationToken cancellation)
    {
        var checks = body.Checks;
        checks.SameId(body.Value.Id, destination);
        var stored = await store.FindAsync(Account.Canonical(account), destination, cancellation);
        var draft = await DestinationForm.ReadAsync(Account.Canonical(account), stored?.Url, body.Value, checks, parts, cancellation);
        if (checks.Refusal is { } refusal) return Problems.Of(refusal);
        var outcome = await store.ChangeAsync(Account.Canonical(account), destination, draft, ETags.Match(http.Request), cancellation);
        return Answers.Changed(http, outcome, row => DestinationForm.View(row, clock.GetUtcNow()), row => row.Version);
    }

    private static async Task<IResult> Rotate(
        string account, string destination, HttpContext http, SecretRotation rotation, ManagementParts parts, TimeProvider clock, CancellationToken cancellation)
    {
        var outcome = await rotation.BeginAsync(Account.Canonical(account), destination, parts.MakeSecret, cancellation);
        return Answers.Changed(http, outcome, row => DestinationForm.View(row, clock.GetUtcNow()), row => row.Version);
    }

    private static async Task<IResult> EndRotation(
        string account, string destination, HttpContext http, SecretRotation rotation, TimeProvider clock, CancellationToken cancellation)
    {
        var outcome = await rotation.EndAsync(Account.Canonical(account), destination, cancellation);
        return Answers.Changed(http, outcome, row => DestinationForm.View(row, clock.GetUtcNow()), row => row.Version);
    }

    private static async Task<IResult> UndoRotation(
        string account, string destination, HttpContext http, SecretRotation rotation, TimeProvider clock, CancellationToken cancellation)
    {
        var outcome = await rotation.UndoAsync(Account.Canonical(account), destination, cancellation);
        return Answers.Changed(http, outcome, row => DestinationForm.View(row, clock.GetUtcNow()), row => row.Version);
    }

    private static async Task<IResult> Delete(
        string account, string destination, HttpContext http, DestinationStore store, string? dead_letters, CancellationToken cancellation)
    {
        if (new ListQuery(http).OneOf("dead_letters", dead_letters, "give_up").Refused is { } refusal) return Problems.Of(refusal);
        var giveUp = dead_letters is not null;
        return Answers.Deleted(await store.DeleteAsync(Account.Canonical(account), destination, giveUp, ETags.Match(http.Request), cancellation));
    }
}
