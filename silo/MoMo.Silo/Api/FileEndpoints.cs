using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using MoMo.Client.Wire;
using MoMo.Domain;
using MoMo.Engine;
using MoMo.Silo.Files;
using MoMo.Silo.Identity;
using MoMo.Storage.Management;
using MoMo.Storage.Files;

namespace MoMo.Silo.Api;

/// <summary>Statement files: sent, and what came of them.</summary>
internal static class FileEndpoints
{
    /// <summary>What a sender has to keep to: with less, a file of 2 GiB would hold its place for months.</summary>
    private static readonly MinDataRate Pace = new(bytesPerSecond: 16 * 1024, gracePeriod: TimeSpan.FromSeconds(10));

    extension(IEndpointRouteBuilder routes)
    {
        public void MapFiles()
        {
            routes.MapPost("/v1/adapters/{adapter}/files", Send).WithTags("Files").RequireAuthorization("adapter")
                .WithSummary("Send a statement file. Safe to repeat: the same bytes take nothing twice.")
                .WithDescription("The body is the file itself, up to 2 GiB; ?name= names it. It is kept before it is read, and read to its end before the answer: 201, or 200 when the same bytes had been sent before, or 422 when the file as a whole is refused. Four files are received at once, two of one adapter; 503 when there are more. A sender has to send 16 KiB a second.")
                .Accepts<byte[]>("application/octet-stream").Produces<FileView>(201).Produces<FileView>(200).Refuses(404, 413, 422, 503)
                .WithMetadata(new Microsoft.AspNetCore.Mvc.DisableRequestSizeLimitAttribute());
            var files = routes.MapGroup("/v1/files").WithTags("Files").RequireAuthorization("admin");
            files.MapGet("/", List).WithSummary("List statement files, newest first.").Produces<Page<FileView>>().Refuses(400, 422);
            files.MapGet("/{id}", Find).WithSummary("A file, what came of it, and the first 100 remarks on it.").Produces<FileView>().Refuses(404);
            files.MapGet("/{id}/content", Content).WithSummary("The file's bytes, exactly as they were sent.")
                .Produces(200, contentType: "application/octet-stream").Refuses(404);
        }
    }

    private static async Task<IResult> Send(
        string adapter, string? name, HttpContext http, IDirectory directory, FileIntake intake, FileStore store, CancellationToken cancellation)
    {
        if (!http.User.MayReport(adapter)) return NotThere.Foreign(http, "adapter", adapter);
        if (await directory.FindAdapterAsync(adapter, cancellation) is not { } found) return NotThere.Of("adapter", adapter);
        if (found.Archived) return Problems.Of(new Refusal("adapter-archived", $"Adapter {adapter} is archived and takes nothing."));
        if (!intake.Reads(found.Format)) return Problems.Of(new Refusal("format-has-no-files", $"Adapter {adapter} reads {found.Format}, which does not come in files."));
        if (name is { Length: > 255 }) return Problems.Of(Refusal.Of("name", "too-long", "name has at most 255 characters."));
        if (http.Request.ContentLength > FileStore.SizeMax)
            return Problems.Of(new Refusal("body-too-large", $"A file has at most {FileStore.SizeMax / (1024 * 1024)} MiB."));

        // HTTP/2 has no pace for one stream.
        if (HttpProtocol.IsHttp11(http.Request.Protocol) && http.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } pace) pace.MinDataRate = Pace;
        var (file, replayed) = await intake.TakeAsync(found, name, http.Request.Body, cancellation);
        var view = Views.Of(file, await store.RemarksAsync(file.Id, 100, cancellation), replayed);
        if (file.State == "refused") return Problems.Of(new Refusal("file-refused", $"{view.Detail} Nothing of it was taken; its bytes are kept as file {view.Id}."));
        return Results.Json(view, MoMoJson.Default.FileView, statusCode: replayed ? StatusCodes.Status200OK : StatusCodes.Status201Created);
    }

    private static async Task<IResult> List(
        HttpContext http, FileStore store, KnownNames names, string? adapter, string? after, int? limit, CancellationToken cancellation)
    {
        var query = new ListQuery(http).Limit(limit).After(after);
        if ((query.Refused ?? await names.CheckAsync(http, new FilterNames { Adapter = adapter }, cancellation)) is { } refused) return Problems.Of(refused);
        var found = await store.ListAsync(adapter, query.AfterId, query.Count + 1, cancellation);
        return found.Refused is { } wide ? Problems.Of(wide) : query.Page(found.Accepted!, file => file.Id.ToString(), file => Views.Of(file, []));
    }

    private static async Task<IResult> Find(string id, FileStore store, CancellationToken cancellation) =>
        Guid.TryParse(id, out var key) && await store.FindAsync(key, cancellation) is { } file
            ? Results.Json(Views.Of(file, await store.RemarksAsync(key, 100, cancellation)), MoMoJson.Default.FileView)
            : NotThere.Of("file", id);

    private static async Task<IResult> Content(string id, FileStore store, CancellationToken cancellation) =>
        Guid.TryParse(id, out var key) && await store.FindAsync(key, cancellation) is not null
            ? Results.Stream(store.Open(key, cancellation), "application/octet-stream", $"{id}.file")
            : NotThere.Of("file", id);
}
