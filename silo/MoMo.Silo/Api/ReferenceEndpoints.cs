using MoMo.Client.Wire;
using MoMo.Domain.Accounts;
using MoMo.Engine;
using MoMo.Storage.Management;

namespace MoMo.Silo.Api;

/// <summary>References: customers of an account, as payers write them.</summary>
internal static class ReferenceEndpoints
{
    private const int IdMax = 100;
    private const int NameMax = 140;
    private const string Slash = "%2F";

    extension(IEndpointRouteBuilder routes)
    {
        public void MapReferences()
        {
            var references = routes.MapGroup("/v1/accounts/{account}/references").WithTags("References").RequireAuthorization("account")
                .Refuses(401, 403, 404);
            references.MapGet("/", List).WithSummary("List an account's references by id.").Produces<Page<ReferenceView>>().Refuses(400);
            references.MapPost("/", Create).Idempotent().WithSummary("Register a reference.")
                .WithDescription("Payments that name it find the account. The id is kept as typed and compared without case. What no address can name is no id: '.', '..', and what holds %2F.")
                .Produces<ReferenceView>(201).Refuses(400, 409, 415, 422);
            references.MapGet("/{reference}", Get).WithSummary("Read a reference.").Produces<ReferenceView>().Produces(304);
            references.MapPut("/{reference}", Change).WithSummary("Change a reference.").WithDescription("If-Match is honoured.")
                .Produces<ReferenceView>().Refuses(400, 412, 415, 422);
            references.MapDelete("/{reference}", Delete).WithSummary("Delete a reference that no payment has.")
                .WithDescription("One that payments of the account have can't be deleted, only archived. The hub looks for three seconds; of an account with more payments than that takes, it is not deleted either. If-Match is honoured.")
                .Produces(204).Refuses(409, 412);
        }
    }

    private static async Task<IResult> List(
        string account, HttpContext http, ReferenceStore store, string? after, int? limit, CancellationToken cancellation)
    {
        var query = new ListQuery(http).Limit(limit).AfterKey(after);
        if (query.Refused is { } refusal) return Problems.Of(refusal);
        return await store.ListAsync(Account.Canonical(account), query.Rows(), cancellation) is { } rows
            ? query.Page(rows, row => row.Key, View)
            : Problems.Of(Unknown.Account(Account.Canonical(account)));
    }

    private static async Task<IResult> Get(
        string account, string reference, HttpContext http, ReferenceStore store, CancellationToken cancellation)
    {
        var (owner, key) = (Account.Canonical(account), Key(reference));
        return await store.FindAsync(owner, key, cancellation) is { } row
            ? Answers.Found(http, View(row), row.Version)
            : Problems.Of(Unknown.Reference(owner, key));
    }

    private static async Task<IResult> Create(
        string account, JsonBody<ReferenceSpec> body, HttpContext http, ReferenceStore store, CancellationToken cancellation)
    {
        var checks = body.Checks;
        if (checks.Text("id", body.Value.Id, IdMax) is not { } id)
        {
            checks.Fault("id", "id-missing", "Give the id that payers write.");
            id = "";
        }
        else if (id is "." or ".." || id.Contains(Slash, StringComparison.OrdinalIgnoreCase))
            checks.Fault("id", "id-unaddressable", "The ids '.' and '..', and ids with %2F in them, can't be written in an address: this reference could never be read, changed or deleted.");

        var name = checks.Text("name", body.Value.Name, NameMax);
        if (checks.Refusal is { } refusal) return Problems.Of(refusal);
        var outcome = await store.CreateAsync(Account.Canonical(account), id, name, body.Value.Archived, cancellation);
        return Answers.Created(
            http, outcome, View, row => row.Version, row => $"/v1/accounts/{row.Account}/references/{Uri.EscapeDataString(row.Id)}");
    }

    private static async Task<IResult> Change(
        string account, string reference, JsonBody<ReferenceSpec> body, HttpContext http, ReferenceStore store, CancellationToken cancellation)
    {
        var checks = body.Checks;
        checks.SameId(body.Value.Id, Key(reference));
        var name = checks.Text("name", body.Value.Name, NameMax);
        if (checks.Refusal is { } refusal) return Problems.Of(refusal);
        var outcome = await store.ChangeAsync(
            Account.Canonical(account), Key(reference), name, body.Value.Archived, ETags.Match(http.Request), cancellation);
        return Answers.Changed(http, outcome, View, row => row.Version);
    }

    private static async Task<IResult> Delete(
        string account, string reference, HttpContext http, ReferenceStore store, CancellationToken cancellation) =>
        Answers.Deleted(await store.DeleteAsync(Account.Canonical(account), Key(reference), ETags.Match(http.Request), cancellation));

    /// <summary>Payers write slashes (INV/17); in an address they are %2F, which the server leaves as it is.</summary>
    private static string Key(string route) => Account.Canonical(route.Replace(Slash, "/", StringComparison.OrdinalIgnoreCase));

    private static ReferenceView View(ReferenceRow row) => new()
    {
        Id = row.Id,
        AccountId = row.Account,
        Name = row.Name,
        Archived = row.Archived,
        CreatedAt = row.CreatedAt,
        Version = row.Version,
    };
}
