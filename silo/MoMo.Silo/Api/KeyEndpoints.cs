using MoMo.Client.Wire;
using MoMo.Domain.Identity;
using MoMo.Engine;
using MoMo.Silo.Identity;
using MoMo.Storage.Management;

namespace MoMo.Silo.Api;

/// <summary>Keys: what machines authenticate with.</summary>
internal static class KeyEndpoints
{
    private const long OnlyVersion = 1; // a key never changes

    extension(IEndpointRouteBuilder routes)
    {
        public void MapKeys()
        {
            var keys = routes.MapGroup("/v1/keys").WithTags("Keys").RequireAuthorization("admin").Refuses(401, 403);
            keys.MapGet("/", List).WithSummary("List keys by id; never their secrets.").Produces<Page<KeyView>>().Refuses(400);
            keys.MapPost("/", Create).Idempotent().WithSummary("Make a key.")
                .WithDescription("The answer shows the whole key, once. A key never changes; to replace one, make another and delete it.")
                .Produces<KeyView>(201).Refuses(400, 409, 415, 422);
            keys.MapGet("/{key}", Get).WithSummary("Read what a key may do and when it was last used.").Produces<KeyView>().Refuses(404);
            keys.MapDelete("/{key}", Delete).WithSummary("Delete a key.")
                .WithDescription("It is refused at once here, and within moments on other silos. The last administrator's key can't be deleted.")
                .Produces(204).Refuses(404, 409, 412);
        }
    }

    private static async Task<IResult> List(
        HttpContext http, KeyStore store, string? name, string? after, int? limit, CancellationToken cancellation)
    {
        var query = new ListQuery(http).Limit(limit).AfterKey(after);
        return query.Refused is { } refusal
            ? Problems.Of(refusal)
            : query.Page(await store.ListAsync(query.Rows(name), cancellation), row => row.Id, View);
    }

    private static async Task<IResult> Get(string key, HttpContext http, KeyStore store, CancellationToken cancellation) =>
        await store.FindAsync(key, cancellation) is { } row ? Answers.Live(http, View(row), OnlyVersion) : Problems.Of(Unknown.Key(key));

    private static async Task<IResult> Create(
        JsonBody<KeySpec> body, HttpContext http, KeyStore store, AccountStore accounts, AdapterStore adapters, CancellationToken cancellation)
    {
        var checks = body.Checks;
        var name = checks.Name(body.Value.Name);
        var scopes = Read(body.Value.Scopes, checks);
        if (checks.Refusal is not null)
        {
            // The store says so by itself, but only when all else is right.
            foreach (var scope in scopes.Where(scope => scope.Target is not null))
            {
                var isThere = scope.Kind == "account"
                    ? await accounts.FindAsync(scope.Target!, cancellation) is not null
                    : await adapters.FindAsync(scope.Target!, cancellation) is not null;
                if (!isThere) checks.Add("scopes", KeyStore.TargetUnknown(scope));
            }

            return Problems.Of(checks.Refusal);
        }

        http.Response.Headers.CacheControl = "no-store";
        return Answers.Created(http, await store.CreateAsync(name, scopes, cancellation), View, _ => OnlyVersion, row => $"/v1/keys/{row.Id}");
    }

    private static async Task<IResult> Delete(string key, HttpContext http, KeyStore store, KnownKeys known, CancellationToken cancellation)
    {
        var outcome = await store.DeleteAsync(key, ETags.Match(http.Request), cancellation);
        known.Forget($"key:{key}"); // other silos hear of it
        return Answers.Deleted(outcome);
    }

    private static List<Scope> Read(IReadOnlyList<string>? texts, Checks checks)
    {
        if (texts is not { Count: > 0 and <= Scope.Max })
        {
            checks.Fault("scopes", "scopes-missing", $"Give 1 to {Scope.Max} scopes: admin, adapter, adapter:<id> or account:<id>.");
            return [];
        }

        List<Scope> scopes = [];
        foreach (var text in texts)
        {
            var scope = Scope.Parse(text);
            checks.Add("scopes", scope.Refused);
            if (scope.Accepted is { } known && !scopes.Contains(known)) scopes.Add(known);
        }

        return scopes;
    }

    private static KeyView View(KeyRow row) => new()
    {
        Id = row.Id,
        Name = row.Name,
        Scopes = row.Scopes,
        Key = row.Text,
        CreatedAt = row.CreatedAt,
        LastUsedAt = row.LastUsedAt,
    };
}
