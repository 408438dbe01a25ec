using MoMo.Client.Wire;
using MoMo.Domain.Adapters;
using MoMo.Engine;
using MoMo.Silo.Identity;
using MoMo.Storage.Management;

namespace MoMo.Silo.Api;

/// <summary>What adapters say of themselves.</summary>
internal static class AdapterReportEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapAdapterReports()
        {
            var reports = routes.MapGroup("/v1/adapters/{adapter}").WithTags("Adapters").RequireAuthorization("adapter")
                .Refuses(400, 401, 403, 404, 415, 422);
            reports.MapPost("/register", Register).WithSummary("The adapter has started.").Produces<AdapterView>()
                .WithDescription("It is up, and counts as down when lease_seconds (60 by default) pass without a sign of life. Payments are taken all the same.");
            reports.MapPost("/heartbeat", Heartbeat).WithSummary("The adapter is still there.").Produces<AdapterView>()
                .WithDescription("Extends the lease; up again when only silence had put it down.");
            reports.MapPost("/state", Report).WithSummary("The adapter works, or does not.").Produces<AdapterView>()
                .WithDescription("state is up, down or degraded (it works, but not well); detail says why.");
        }
    }

    private static Task<IResult> Register(
        string adapter, JsonBody<AdapterReport> body, HttpContext http, IAdapters adapters, AdapterStore store, CancellationToken cancellation) =>
        HearAsync(adapter, http, Read(body, stateNeeded: false), adapters.Of(adapter).Register, store, cancellation);

    private static Task<IResult> Heartbeat(
        string adapter, JsonBody<AdapterReport> body, HttpContext http, IAdapters adapters, AdapterStore store, CancellationToken cancellation) =>
        HearAsync(adapter, http, Read(body, stateNeeded: false), adapters.Of(adapter).Heartbeat, store, cancellation);

    private static Task<IResult> Report(
        string adapter, JsonBody<AdapterReport> body, HttpContext http, IAdapters adapters, AdapterStore store, CancellationToken cancellation) =>
        HearAsync(adapter, http, Read(body, stateNeeded: true), adapters.Of(adapter).Report, store, cancellation);

    private static async Task<IResult> HearAsync(
        string adapter,
        HttpContext http,
        Outcome<AdapterSignal> signal,
        Func<AdapterSignal, Task<Outcome<AdapterLiveness>>> hear,
        AdapterStore store,
        CancellationToken cancellation)
    {
        if (!http.User.MayReport(adapter)) return NotThere.Foreign(http, "adapter", adapter);
        if (signal.Refused is { } malformed) return Problems.Of(malformed);
        var heard = await hear(signal.Accepted!);
        if (heard.Refused is { } refusal) return Problems.Of(refusal);
        return await store.FindAsync(adapter, cancellation) is { } row
            ? Answers.Json(AdapterViews.Of(row))
            : Problems.Of(Unknown.Adapter(adapter));
    }

    private static Outcome<AdapterSignal> Read(JsonBody<AdapterReport> body, bool stateNeeded)
    {
        var (report, checks) = (body.Value, body.Checks);
        if (report.State is not (null or "up" or "down" or "degraded") || (stateNeeded && report.State is null))
            checks.Fault("state", "state-unknown", "state is up, down or degraded.");
        var detail = checks.Text("detail", report.Detail, AdapterSignal.DetailMax);
        var lease = report.LeaseSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : AdapterSignal.LeaseDefault;
        if (lease < AdapterSignal.LeaseMin || lease > AdapterSignal.LeaseMax)
            checks.Fault("lease_seconds", "lease-out-of-range", $"lease_seconds is from {AdapterSignal.LeaseMin.TotalSeconds} to {AdapterSignal.LeaseMax.TotalSeconds}.");
        return checks.Refusal is { } refusal ? refusal : new AdapterSignal(report.State, detail, lease);
    }
}
