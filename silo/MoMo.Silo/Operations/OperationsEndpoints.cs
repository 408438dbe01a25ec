using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using MoMo.Client.Wire;
using MoMo.Engine;
using MoMo.Silo.Api;
using MoMo.Silo.Identity;
using MoMo.Silo.Telemetry;
using MoMo.Storage;

namespace MoMo.Silo.Operations;

/// <summary>What whoever runs the hub asks it.</summary>
internal static class OperationsEndpoints
{
    private static readonly TimeSpan VerifyRetry = TimeSpan.FromSeconds(10);

    extension(IEndpointRouteBuilder routes)
    {
        public void MapOperations()
        {
            routes.MapHealthChecks("/health/live", Health("live"));
            routes.MapHealthChecks("/health/ready", Health("ready"));
            var operations = routes.MapGroup("").WithTags("Operations");
            operations.MapGet("/status", Status).WithSummary("How the hub is, at a glance.")
                .WithDescription("Needs no key (one that is sent is a valid one), tells no secrets and costs little: it is counted anew at most every two seconds, and no count goes past 10,000, which stands for that many or more. The status is degraded when the database does not answer or an adapter is down.")
                .Produces<StatusView>().Refuses(401);
            operations.MapPost("/v1/verify", Verify).WithSummary("Check that what is stored keeps the hub's laws.").RequireAuthorization("admin")
                .WithDescription("Reads everything in one consistent snapshot, so it may take minutes on a large hub. One at a time.")
                .Produces<VerifyView>().Refuses(401, 403, 503);
            operations.MapGet("/metrics", Metrics).WithSummary("Metrics in Prometheus' text format.")
                .WithDescription("Needs no key; the series of single accounts, whose ids are customers' names, are shown only to a key with scope admin. Keep it from the outside at your proxy. The framework's own meters are listened to from the first call on.")
                .Produces<string>(200, "text/plain");
        }
    }

    private static HealthCheckOptions Health(string tag) => new()
    {
        Predicate = check => check.Tags.Contains(tag), ResponseWriter = HealthAnswer.WriteAsync,
    };

    private static async Task<IResult> Status(HttpContext http, StatusBoard board, CancellationToken cancellation)
    {
        http.Response.Headers.CacheControl = "no-store";
        // Whoever looks here whether a key is good is told that it is not.
        if ((await http.AuthenticateAsync()).Failure is { } wrong) return Problems.Of(new Refusal("unauthenticated", wrong.Message));
        return Answers.Json(await board.LookAsync(cancellation));
    }

    private static async Task<IResult> Verify(Verification verification, VerifyGate gate, CancellationToken cancellation)
    {
        if (!gate.TryEnter()) throw new HubBusyException("The hub is being verified already.", VerifyRetry);
        try
        {
            var (payments, checks) = await verification.RunAsync(cancellation);
            return Answers.Json(new VerifyView
            {
                Ok = checks.All(check => check.Broken == 0),
                Payments = payments,
                Checks = [.. checks.Select(check => new CheckView { Law = check.Law, Broken = check.Broken, First = check.First })],
            });
        }
        finally
        {
            gate.Leave();
        }
    }

    private static async Task<IResult> Metrics(HttpContext http, StatusBoard board, MetricsText metrics, CancellationToken cancellation)
    {
        await board.LookAsync(cancellation);
        http.Response.Headers.CacheControl = "no-store";
        return Results.Text(metrics.Write(http.User.IsAdmin), "text/plain; version=0.0.4", System.Text.Encoding.UTF8);
    }
}
