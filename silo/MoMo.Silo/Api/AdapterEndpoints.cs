using System.Globalization;
using System.Text.Json;
using MoMo.Client.Wire;
using MoMo.Domain.Routing;
using MoMo.Engine;
using MoMo.Storage.Adapters;
using MoMo.Storage.Channels;
using MoMo.Storage.Management;

namespace MoMo.Silo.Api;

/// <summary>Adapters: connections to PSPs, as configured.</summary>
internal static class AdapterEndpoints
{
    private const int PspMax = 64;

    extension(IEndpointRouteBuilder routes)
    {
        public void MapAdapters()
        {
            var adapters = routes.MapGroup("/v1/adapters").WithTags("Adapters").RequireAuthorization("admin").Refuses(401, 403);
            adapters.MapGet("/", List).WithSummary("List adapters by id, with their liveness.").Produces<Page<AdapterView>>().Refuses(400);
            adapters.MapPost("/", Create).Idempotent().WithSummary("Create an adapter.")
                .WithDescription("For a format that a PSP calls back with, the answer shows, once, the secret callback_path that it is to call.")
                .Produces<AdapterView>(201).Refuses(400, 409, 415, 422);
            adapters.MapGet("/{adapter}", Get).WithSummary("Read an adapter.")
                .WithDescription("Its ETag is that of its configuration; its liveness changes without it, so this never answers 304.")
                .Produces<AdapterView>().Refuses(404);
            adapters.MapPut("/{adapter}", Change).WithSummary("Change an adapter.")
                .WithDescription("Replaces its configuration; its PSP and mode can't be changed, without format it keeps its own, one that nobody calls back loses its callback_path, and credentials that it does not name stay, as long as they go to the same servers. 409 key-ambiguous when it is no longer to be archived, and a key has it and another live adapter of its PSP. If-Match is honoured.")
                .Produces<AdapterView>().Refuses(400, 404, 409, 412, 415, 422);
            adapters.MapDelete("/{adapter}", Delete).WithSummary("Delete an adapter that nothing depends on.")
                .WithDescription("409 in-use once it brought payments or files, or while keys are bound to it: archive it instead.")
                .Produces(204).Refuses(404, 409, 412);
            adapters.MapGet("/{adapter}/states", States).WithSummary("List the changes of an adapter's state, newest first.")
                .WithDescription("up, degraded (as it says, or many refusals lately), silent (fewer payments than usual at this hour of the week) and down (as it says, or not heard of). Never changed; kept when the adapter is deleted.")
                .Produces<Page<AdapterStateView>>().Refuses(400, 404);
        }
    }

    private static async Task<IResult> List(
        HttpContext http, AdapterStore store, ChannelStore channels, string? name, string? after, int? limit, CancellationToken cancellation)
    {
        var query = new ListQuery(http).Limit(limit).AfterKey(after);
        if (query.Refused is { } refusal) return Problems.Of(refusal);
        var rows = await store.ListAsync(query.Rows(name), cancellation);
        var complete = await channels.WithChannelsAsync([.. rows.Select(row => row.Draft.Id)], cancellation);
        return query.Page(rows, row => row.Draft.Id, row => complete(AdapterViews.Of(row)));
    }

    private static async Task<IResult> Get(string adapter, HttpContext http, AdapterStore store, ChannelStore channels, CancellationToken cancellation) =>
        await store.FindAsync(adapter, cancellation) is { } row
            ? Answers.Live(http, (await channels.WithChannelsAsync([adapter], cancellation))(AdapterViews.Of(row)), row.Version)
            : Problems.Of(Unknown.Adapter(adapter));

    private static async Task<IResult> States(
        string adapter, HttpContext http, AdapterStateStore store, AdapterStore adapters, string? after, int? limit, CancellationToken cancellation)
    {
        var last = long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : (long?)null;
        var query = new ListQuery(http).Limit(limit).Require(after is null || last is not null, "after", "after is the 'next' of the page before.");
        if (query.Refused is { } refused) return Problems.Of(refused);
        var found = await store.ListAsync(adapter, last, query.Count + 1, cancellation);
        // An adapter that was deleted leaves its changes behind: it is unknown only when there is nothing of it.
        if (found.Count == 0 && last is null && await adapters.FindAsync(adapter, cancellation) is null) return Problems.Of(Unknown.Adapter(adapter));
        return query.Page(found, change => change.Id.ToString(CultureInfo.InvariantCulture), AdapterViews.Of);
    }

    private static async Task<IResult> Create(
        JsonBody<AdapterSpec> body, HttpContext http, AdapterStore store, PspStore psps, RuleReader rules, ManagementParts parts,
        CancellationToken cancellation)
    {
        var checks = body.Checks;
        var draft = Read(checks.NewId(body.Value.Id), body.Value, null, checks, rules, parts);
        // The store says so by itself, but only when all else is right.
        if (checks.Refusal is not null && draft.Psp.Length > 0 && !checks.Names("psp") && await psps.FindAsync(draft.Psp, cancellation) is null)
            checks.Add("psp", AdapterStore.PspUnknown(draft.Psp));
        if (checks.Refusal is { } refusal) return Problems.Of(refusal);
        var outcome = await store.CreateAsync(draft, cancellation);
        return Answers.Created(http, outcome, AdapterViews.Of, row => row.Version, row => $"/v1/adapters/{row.Draft.Id}");
    }

    private static async Task<IResult> Change(
        string adapter,
        JsonBody<AdapterSpec> body,
        HttpContext http,
        AdapterStore store,
        ChannelStore channels,
        RuleReader rules,
        ManagementParts parts,
        CancellationToken cancellation)
    {
        var checks = body.Checks;
        checks.SameId(body.Value.Id, adapter);
        AdapterRow? stored = null;
        if (body.Value.Format is null && !checks.IsUnusable("format") && (stored = await store.FindAsync(adapter, cancellation)) is null)
            return Problems.Of(Unknown.Adapter(adapter));
        var draft = Read(adapter, body.Value, stored?.Draft.Format, checks, rules, parts);
        if (checks.Refusal is { } refusal) return Problems.Of(refusal);
        var changed = await store.ChangeAsync(
            draft, ETags.Match(http.Request), before => Moved(before) ?? AdapterCredentials.Moved(before, draft, parts), cancellation);
        var complete = await channels.WithChannelsAsync([adapter], cancellation);
        return Answers.Changed(http, changed, row => complete(AdapterViews.Of(row)), row => row.Version);

        // Who named none keeps the format that there is, not the one that there was.
        Refusal? Moved(AdapterRow before) => body.Value.Format is null && before.Draft.Format != draft.Format
            ? new Refusal("etag-mismatch", $"Somebody gave adapter '{adapter}' the format {before.Draft.Format} meanwhile. Send the change again.") : null;
    }

    private static async Task<IResult> Delete(string adapter, HttpContext http, AdapterStore store, CancellationToken cancellation) =>
        Answers.Deleted(await store.DeleteAsync(adapter, ETags.Match(http.Request), cancellation));

    private static AdapterDraft Read(string id, AdapterSpec spec, string? storedFormat, Checks checks, RuleReader rules, ManagementParts parts)
    {
        var name = checks.Name(spec.Name);
        if (string.IsNullOrEmpty(spec.Psp)) checks.Fault("psp", "psp-missing", "Give the id of the PSP that it connects to.");
        else if (spec.Psp.Length > PspMax) checks.Fault("psp", "too-long", $"A PSP's id has at most {PspMax} characters.");
        var format = spec.Format ?? storedFormat ?? "json";
        var settings = spec.Settings is { ValueKind: not JsonValueKind.Null } given ? given : default;
        if (settings.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Object))
            checks.Fault("settings", "settings-malformed", "Settings are a JSON object.");
        else if (!checks.IsUnusable("format") && parts.CheckSettings(format, settings) is { } refusal
            && (refusal.Code == "format-unknown" || !checks.IsUnusable("settings")))
            checks.Add("settings", refusal);
        var list = spec.Rules is null ? default : JsonSerializer.SerializeToElement(spec.Rules, MoMoJson.Default.IReadOnlyListJsonElement);
        if (spec.Rules is not null) checks.Add("rules", rules.Read(list, isNew: true).Refused);
        var mode = checks.Mode(spec.Mode);
        // Which credentials a format has nobody knows of one that there is not.
        var credentials = checks.Names("format") ? null : AdapterCredentials.Read(id, spec, parts.CredentialsOf(format), checks, parts);
        return new AdapterDraft(
            id,
            spec.Psp ?? "",
            name,
            format,
            settings.ValueKind == JsonValueKind.Object ? settings.GetRawText() : null,
            spec.Rules is null ? null : list.GetRawText(),
            spec.Archived)
        {
            Mode = mode,
            Called = parts.IsCalled(format),
            Credentials = credentials,
        };
    }
}
