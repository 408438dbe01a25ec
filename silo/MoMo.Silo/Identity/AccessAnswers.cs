using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using MoMo.Domain.Accounts;
using MoMo.Engine;
using MoMo.Silo.Api;
using MoMo.Storage.Management;

namespace MoMo.Silo.Identity;

/// <summary>
/// Says no as a problem: 401 without a valid key, 403 when the key may not do this, and 404, as if it did not exist, when an account asks for
/// what is another account's.
/// </summary>
internal sealed class AccessAnswers(ILogger<AccessAnswers> log) : IAuthorizationMiddlewareResultHandler
{
    /// <summary>Name of the route value that holds an account's id.</summary>
    public const string AccountRoute = "account";

    public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        ArgumentNullException.ThrowIfNull(next);
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(authorizeResult);
        if (authorizeResult.Succeeded) return next(context);
        if (authorizeResult.Challenged)
        {
            var why = context.Request.Headers.Authorization.Count == 0 ? "Give a key: Authorization: Bearer momo_…" : "The key is not valid.";
            return Problems.Of(new Refusal("unauthenticated", why)).ExecuteAsync(context);
        }

        if (AccountOf(context) is { } account && context.User.AccountScope is { Count: > 0 } scope && !scope.Contains(account))
        {
            TellForeign(context, "account", account);
            return Problems.Of(Unknown.Account(account)).ExecuteAsync(context);
        }

        log.LogWarning("Security: key {Key} may not {Method} {Route}.", context.User.Identity?.Name, context.Request.Method, RouteText.Of(context));
        return Problems.Of(new Refusal("forbidden", "This key may not do this.")).ExecuteAsync(context);
    }

    /// <summary>Logs that the caller asked for what is another's. The answer is that it is not there.</summary>
    /// <param name="http">The request.</param>
    /// <param name="kind">What it is, such as <c>payment</c>.</param>
    /// <param name="id">Its id as it was given.</param>
    public static void TellForeign(HttpContext http, string kind, string id)
    {
        ArgumentNullException.ThrowIfNull(http);
        http.RequestServices.GetRequiredService<ILogger<AccessAnswers>>().LogWarning(
            "Security: key {Key} asked for {Method} {Route} of {Kind} {Id}, which is another's.",
            http.User.Identity?.Name, http.Request.Method, RouteText.Of(http), kind, RouteText.Part(id));
    }

    /// <summary>Whether the caller may see the account that the address names; true when it names none.</summary>
    public static bool MaySeeAddressed(AuthorizationHandlerContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Resource is not HttpContext http || AccountOf(http) is not { } account || context.User.MaySee(account);
    }

    private static string? AccountOf(HttpContext http) => http.Request.RouteValues[AccountRoute] is string text ? Account.Canonical(text) : null;
}
