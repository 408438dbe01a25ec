using MoMo.Client.Wire;
using MoMo.Domain;
using MoMo.Domain.Payments;
using MoMo.Domain.Routing;
using MoMo.Engine;
using MoMo.Silo.Identity;

namespace MoMo.Silo.Api;

/// <summary>Where would a payment go?</summary>
internal static class RoutingEndpoints
{
    extension(IEndpointRouteBuilder routes)
    {
        public void MapRouting() =>
            routes.MapPost("/v1/routing/dry-run", Ask).WithTags("Routing").RequireAuthorization("admin")
                .WithSummary("Ask where a payment would go, and why. Nothing is recorded.")
                .WithDescription("Runs the adapter's rules, lookups included, exactly as a payment would.")
                .Produces<RoutingView>().Refuses(400, 415, 422);
    }

    private static async Task<IResult> Ask(JsonBody<RoutingQuestion> body, IDirectory directory, RuleReader rules, CancellationToken cancellation)
    {
        var (question, checks) = (body.Value, body.Checks);
        var set = rules.Read(default).Accepted!;
        var mode = Mode.Live;
        if (question.Adapter is { } id)
        {
            if (await directory.FindAdapterAsync(id, cancellation) is { } adapter) (set, mode) = (adapter.Rules, adapter.Mode);
            else checks.Fault("adapter", "adapter-unknown", $"There is no adapter '{id}'.");
        }

        Limit(checks, "account_id", question.AccountId, PaymentNotice.NameMax);
        Limit(checks, "reference_id", question.ReferenceId, PaymentNotice.NameMax);
        Limit(checks, "text", question.Text, PaymentNotice.TextMax);
        Limit(checks, "shortcode", question.Shortcode, PaymentNotice.NameMax);
        if (checks.Refusal is { } refusal) return Problems.Of(refusal);
        var query = new RoutingQuery(Blank(question.AccountId), Blank(question.ReferenceId), Blank(question.Text), Blank(question.Shortcode)) { Mode = mode };
        var decision = await set.DecideAsync(query, directory, cancellation);
        return Results.Json(Views.Of(await decision.KeepApartAsync(mode, directory, cancellation)), MoMoJson.Default.RoutingView);
    }

    /// <summary>As of a payment: what that could not say need not be asked.</summary>
    private static void Limit(Checks checks, string field, string? text, int max)
    {
        if (text?.Length > max) checks.Fault(field, "too-long", $"{field} has at most {max} characters.");
    }

    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
