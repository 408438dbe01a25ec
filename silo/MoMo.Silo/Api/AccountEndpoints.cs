using MoMo.Client.Wire;
using MoMo.Domain;
using MoMo.Domain.Accounts;
using MoMo.Engine;
using MoMo.Storage.Management;

namespace MoMo.Silo.Api;

/// <summary>Accounts: whose the payments are.</summary>
internal static class AccountEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapAccounts()
        {
            var accounts = routes.MapGroup("/v1/accounts").WithTags("Accounts").Refuses(401, 403);
            accounts.MapGet("/", List).WithSummary("List accounts by id.").RequireAuthorization("admin").Produces<Page<AccountView>>().Refuses(400);
            accounts.MapPost("/", Create).Idempotent().WithSummary("Create an account.").RequireAuthorization("admin")
                .Produces<AccountView>(201).Refuses(400, 409, 415, 422);
            accounts.MapGet("/{account}", Get).WithSummary("Read an account.").RequireAuthorization("account")
                .WithDescription("A key of the account itself may read it. Its ETag is that of its configuration; its sequence moves without it, so this never answers 304.")
                .Produces<AccountView>().Refuses(404);
            accounts.MapPut("/{account}", Change).WithSummary("Change an account.").RequireAuthorization("admin")
                .WithDescription("Replaces name, lookup URL and whether it is archived. Payments that are taken after the answer see the change. If-Match is honoured.")
                .Produces<AccountView>().Refuses(400, 404, 409, 412, 415, 422);
            accounts.MapDelete("/{account}", Delete).WithSummary("Delete an account that nothing depends on.").RequireAuthorization("admin")
                .WithDescription("409 in-use while it has payments, references, destinations or keys, or once it was told anything: archive it instead.")
                .Produces(204).Refuses(404, 409, 412);
        }
    }

    private static async Task<IResult> List(
        HttpContext http, AccountStore store, string? name, string? after, int? limit, CancellationToken cancellation)
    {
        var query = new ListQuery(http).Limit(limit).AfterKey(after);
        return query.Refused is { } refusal
            ? Problems.Of(refusal)
            : query.Page(await store.ListAsync(query.Rows(name), cancellation), row => row.Id, View);
    }

    private static async Task<IResult> Get(string account, HttpContext http, AccountStore store, CancellationToken cancellation)
    {
        var id = Account.Canonical(account);
        return await store.FindAsync(id, cancellation) is { } row ? Answers.Live(http, View(row), row.Version) : Problems.Of(Unknown.Account(id));
    }

    private static async Task<IResult> Create(
        JsonBody<AccountSpec> body, HttpContext http, AccountStore store, ManagementParts parts, CancellationToken cancellation)
    {
        var checks = body.Checks;
        var id = checks.NewId(body.Value.Id is { } given ? Account.Canonical(given) : null, 100);
        var (name, lookup) = Read(body.Value, checks, parts);
        var mode = checks.Mode(body.Value.Mode);
        if (checks.Refusal is { } refusal) return Problems.Of(refusal);
        var outcome = await store.CreateAsync(id, name, lookup, body.Value.Archived, mode ?? Mode.Live, cancellation);
        return Answers.Created(http, outcome, View, row => row.Version, row => $"/v1/accounts/{row.Id}");
    }

    private static async Task<IResult> Change(
        string account, JsonBody<AccountSpec> body, HttpContext http, AccountStore store, ManagementParts parts, CancellationToken cancellation)
    {
        var checks = body.Checks;
        checks.SameId(body.Value.Id, account);
        var (name, lookup) = Read(body.Value, checks, parts);
        var mode = checks.Mode(body.Value.Mode);
        if (checks.Refusal is { } refusal) return Problems.Of(refusal);
        var outcome = await store.ChangeAsync(
            Account.Canonical(account), name, lookup, body.Value.Archived, mode, ETags.Match(http.Request), cancellation);
        return Answers.Changed(http, outcome, View, row => row.Version);
    }

    private static async Task<IResult> Delete(string account, HttpContext http, AccountStore store, CancellationToken cancellation) =>
        Answers.Deleted(await store.DeleteAsync(Account.Canonical(account), ETags.Match(http.Request), cancellation));

    private static (string Name, string? LookupUrl) Read(AccountSpec spec, Checks checks, ManagementParts parts) =>
        (checks.Name(spec.Name), spec.LookupUrl is null ? null : checks.Url("lookup_url", spec.LookupUrl, parts.CheckUrl));

    private static AccountView View(AccountRow row) => new()
    {
        Id = row.Id,
        Name = row.Name,
        LookupUrl = row.LookupUrl,
        Mode = row.Mode.Word(),
        Archived = row.Archived,
        Sequence = row.Sequence,
        CreatedAt = row.CreatedAt,
        Version = row.Version,
    };
}
