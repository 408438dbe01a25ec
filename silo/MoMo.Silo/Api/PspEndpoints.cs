using MoMo.Client.Wire;
using MoMo.Engine;
using MoMo.Storage.Management;

namespace MoMo.Silo.Api;

/// <summary>PSPs: who moves the money.</summary>
internal static class PspEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapPsps()
        {
            var psps = routes.MapGroup("/v1/psps").WithTags("PSPs").RequireAuthorization("admin").Refuses(401, 403);
            psps.MapGet("/", List).WithSummary("List PSPs by id.").Produces<Page<PspView>>().Refuses(400);
            psps.MapPost("/", Create).Idempotent().WithSummary("Create a PSP.").Produces<PspView>(201).Refuses(400, 409, 415, 422);
            psps.MapGet("/{psp}", Get).WithSummary("Read a PSP.").Produces<PspView>().Produces(304).Refuses(404);
            psps.MapPut("/{psp}", Change).WithSummary("Change a PSP.")
                .WithDescription("Replaces its name and whether it is archived. Send If-Match with the ETag you read, to change nothing that you did not see.")
                .Produces<PspView>().Refuses(400, 404, 409, 412, 415, 422);
            psps.MapDelete("/{psp}", Delete).WithSummary("Delete a PSP that nothing depends on.")
                .WithDescription("409 in-use while it has adapters or brought payments: archive it instead.").Produces(204).Refuses(404, 409, 412);
        }
    }

    private static async Task<IResult> List(
        HttpContext http, PspStore store, string? name, string? after, int? limit, CancellationToken cancellation)
    {
        var query = new ListQuery(http).Limit(limit).AfterKey(after);
        return query.Refused is { } refusal
            ? Problems.Of(refusal)
            : query.Page(await store.ListAsync(query.Rows(name), cancellation), row => row.Id, View);
    }

    private static async Task<IResult> Get(string psp, HttpContext http, PspStore store, CancellationToken cancellation) =>
        await store.FindAsync(psp, cancellation) is { } row ? Answers.Found(http, View(row), row.Version) : Problems.Of(Unknown.Psp(psp));

    private static async Task<IResult> Create(JsonBody<PspSpec> body, HttpContext http, PspStore store, CancellationToken cancellation)
    {
        var checks = body.Checks;
        var id = checks.NewId(body.Value.Id);
        var name = checks.Name(body.Value.Name);
        if (checks.Refusal is { } refusal) return Problems.Of(refusal);
        var outcome = await store.CreateAsync(id, name, body.Value.Archived, cancellation);
        return Answers.Created(http, outcome, View, row => row.Version, row => $"/v1/psps/{row.Id}");
    }

    private static async Task<IResult> Change(string psp, JsonBody<PspSpec> body, HttpContext http, PspStore store, CancellationToken cancellation)
    {
        var checks = body.Checks;
        checks.SameId(body.Value.Id, psp);
        var name = checks.Name(body.Value.Name);
        if (checks.Refusal is { } refusal) return Problems.Of(refusal);
        var outcome = await store.ChangeAsync(psp, name, body.Value.Archived, ETags.Match(http.Request), cancellation);
        return Answers.Changed(http, outcome, View, row => row.Version);
    }

    private static async Task<IResult> Delete(string psp, HttpContext http, PspStore store, CancellationToken cancellation) =>
        Answers.Deleted(await store.DeleteAsync(psp, ETags.Match(http.Request), cancellation));

    private static PspView View(PspRow row) =>
        new() { Id = row.Id, Name = row.Name, Archived = row.Archived, CreatedAt = row.CreatedAt, Version = row.Version };
}
