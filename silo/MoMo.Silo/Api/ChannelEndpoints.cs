using System.Text.Json;
using MoMo.Client.Wire;
using MoMo.Domain;
using MoMo.Domain.Channels;
using MoMo.Engine;
using MoMo.Silo.Channels;
using MoMo.Storage.Channels;
using MoMo.Storage.Management;

namespace MoMo.Silo.Api;

/// <summary>How adapters' files and messages are fetched.</summary>
internal static class ChannelEndpoints
{
    /// <summary>How long a try may take in all.</summary>
    private static readonly TimeSpan TestMax = TimeSpan.FromSeconds(60);

    private const int TestNamesMax = 20;
    private const int TestListMax = 10_000;

    extension(IEndpointRouteBuilder routes)
    {
        public void MapChannels()
        {
            var channel = routes.MapGroup("/v1/adapters/{adapter}/channel").WithTags("Channels").RequireAuthorization("admin").Refuses(401, 403, 404);
            channel.MapGet("/", Get).WithSummary("An adapter's channel, and how it does.").Produces<ChannelView>();
            channel.MapPut("/", Set).WithSummary("Fetch an adapter's files or messages: folder, SFTP, FTP, IMAP or polling.")
                .WithDescription("Creates or replaces the channel; the hub looks at once. secret is kept encrypted and never shown; without it the one that is there stays, as long as it goes to the same server.")
                .Produces<ChannelView>().Refuses(400, 415, 422);
            channel.MapDelete("/", Delete).WithSummary("Fetch no more.").WithDescription("What came through the channel stays.").Produces(204);
            channel.MapPost("/test", Test).WithSummary("Try to connect and to list; nothing is taken.")
                .WithDescription("What is wrong is in the answer, with 200. Takes up to a minute.").Produces<ChannelTestView>();
            channel.MapPost("/look", Look).WithSummary("Look now, whenever the next look would be due.").Produces<ChannelView>();
            channel.MapPost("/acknowledge", Acknowledge).WithSummary("What was set aside is seen to: it no longer makes the adapter degraded.")
                .WithDescription("Of all that was set aside until now; the files themselves stay where they are. The hub looks at once, and the look says how the adapter is.")
                .Produces<ChannelView>();
            channel.MapPost("/backfills", Backfill).Idempotent().WithSummary("Fetch a stretch of time again, and count what callbacks had lost.")
                .WithDescription("For channels that can be asked by time: poll, with {from} and {to} in its URL or body. Payments that are known already are not taken twice.")
                .Produces<BackfillView>(202).Refuses(400, 409, 415, 422);
            channel.MapGet("/backfills", Backfills).WithSummary("The newest 100 backfills, and what they found.").Produces<Page<BackfillView>>();
        }
    }

    private static async Task<IResult> Get(string adapter, ChannelStore store, CancellationToken cancellation) =>
        await store.FindAsync(adapter, cancellation) is { } row ? Answers.Json(ChannelViews.Of(row)) : Problems.Of(ChannelStore.Missing(adapter));

    private static async Task<IResult> Set(
        string adapter, JsonBody<ChannelSpec> body, ChannelStore store, ChannelKinds kinds, ManagementParts parts, CancellationToken cancellation)
    {
        var spec = body.Value;
        var checks = body.Checks;
        var settings = spec.Settings is { ValueKind: not JsonValueKind.Null } given ? given : JsonElement.Parse("{}");
        var kind = kinds.Find(spec.Kind ?? "");
        if (kind is null) checks.Fault("kind", "channel-kind-unknown", $"A channel is one of: {kinds.Names}.");
        if (settings.ValueKind != JsonValueKind.Object) checks.Fault("settings", "settings-malformed", "Settings are a JSON object.");
        else if (kind is not null && !checks.IsUnusable("settings")) checks.Add("settings", kind.Check(settings));
        var secret = spec.Secret is { ValueKind: not JsonValueKind.Null } told ? told : default;
        if (kind is not null && SecretFields.Fault($"a channel of kind {kind.Name}", kind.Secrets, secret) is { } fault) checks.Fault("secret", "channel-secret-malformed", fault);
        if (checks.Refusal is { } refusal) return Problems.Of(refusal);

        var text = secret.ValueKind == JsonValueKind.Object ? parts.Seal(ChannelStore.Purpose(adapter), secret.GetRawText()) : null;
        var sent = kind!.Sends(settings);
        return (await store.SetAsync(
            adapter, kind.Name, settings.GetRawText(), text,
            stored => SentCredential.Check("secret", kind.Sends(JsonElement.Parse(stored.Settings)), sent), cancellation))
            .Match(row => Answers.Json(ChannelViews.Of(row)), refused => Problems.Of(refused));
    }

    private static async Task<IResult> Delete(string adapter, ChannelStore store, CancellationToken cancellation) =>
        Answers.Deleted(await store.RemoveAsync(adapter, cancellation));

    private static async Task<IResult> Test(string adapter, ChannelStore store, ChannelKinds kinds, TimeProvider clock, CancellationToken cancellation)
    {
        if (await store.FindAsync(adapter, cancellation) is not { } row) return Problems.Of(ChannelStore.Missing(adapter));
        using var late = new CancellationTokenSource(TestMax, clock);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        try
        {
            await using var channel = await kinds.OpenAsync(row, deadline.Token);
            var listed = await channel.ListAsync(TestListMax, deadline.Token);
            await channel.ProbeAsync(deadline.Token);
            return Tried(true, $"It works: {listed.Count} to take.", listed);
        }
        catch (Exception e) when (e is ChannelException or ChannelItemException)
        {
            return Tried(false, e.Message, []);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            return Tried(false, $"It took longer than {TestMax.TotalSeconds} s.", []);
        }
    }

    private static IResult Tried(bool works, string detail, IReadOnlyList<ChannelItem> listed) => Answers.Json(new ChannelTestView
    {
        Works = works, Detail = detail, Count = listed.Count, Names = [.. listed.Take(TestNamesMax).Select(item => item.Name)],
    });

    private static async Task<IResult> Look(string adapter, ChannelStore store, CancellationToken cancellation) =>
        (await store.AskAsync(adapter, cancellation)).Match(row => Answers.Json(ChannelViews.Of(row)), refused => Problems.Of(refused));

    private static async Task<IResult> Acknowledge(string adapter, ChannelStore store, CancellationToken cancellation) =>
        (await store.AcknowledgeAsync(adapter, cancellation)).Match(row => Answers.Json(ChannelViews.Of(row)), refused => Problems.Of(refused));

    private static async Task<IResult> Backfill(
        string adapter, JsonBody<BackfillSpec> body, ChannelStore store, BackfillStore backfills, ChannelKinds kinds, TimeProvider clock,
        CancellationToken cancellation)
    {
        if (await store.FindAsync(adapter, cancellation) is not { } row) return Problems.Of(ChannelStore.Missing(adapter));
        if (kinds.Find(row.Kind)?.CanBackfill(JsonElement.Parse(row.Settings)) != true)
            return Problems.Of(new Refusal("backfill-impossible", "This channel can't be asked by time: only poll can, with {from} and {to} in its URL or body."));
        var to = body.Value.To ?? clock.GetUtcNow();
        var checks = body.Checks;
        if (body.Value.From is not { } from) checks.Fault("from", "backfill-range", "Give the time to fetch from, RFC 3339.");
        else if (from >= to || to - from > TimeSpan.FromDays(400)) checks.Fault("to", "backfill-range", "to is after from, by 400 days at most.");
        if (checks.Refusal is { } refusal) return Problems.Of(refusal);
        return (await backfills.AskAsync(adapter, body.Value.From!.Value, to, cancellation))
            .Match(made => Answers.Json(ChannelViews.Of(made), StatusCodes.Status202Accepted), refused => Problems.Of(refused));
    }

    private static async Task<IResult> Backfills(
        HttpContext http, string adapter, BackfillStore store, AdapterStore adapters, CancellationToken cancellation)
    {
        var found = await store.ListAsync(adapter, cancellation);
        if (found.Count == 0 && await adapters.FindAsync(adapter, cancellation) is null) return Problems.Of(Unknown.Adapter(adapter));
        return new ListQuery(http).Whole(found, ChannelViews.Of);
    }
}
