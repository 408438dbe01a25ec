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

        var name = context.User.Identity?.Name;
        if (AccountOf(context) is { } account && context.User.AccountScope is { Count: > 0 } scope && !scope.Contains(account))
        {
            log.LogWarning(
                "Security: key {Key} asked for {Method} {Route} of account {Account}, which is another's.",
                name, context.Request.Method, RouteText.Of(context), RouteText.Part(account));
            return Problems.Of(Unknown.Account(account)).ExecuteAsync(context);
        }

        log.LogWarning("Security: key {Key} may not {Method} {Route}.", name, context.Request.Method, RouteText.Of(context));
        return Problems.Of(new Refusal("forbidden", "This key may not do this.")).ExecuteAsync(context);
    }

    /// <summary>Whether the caller may see the account that the address names; true when it names none.</summary>
    public static bool MaySeeAddressed(AuthorizationHandlerContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Resource is not HttpContext http || AccountOf(http) is not { } account || context.User.MaySee(account);
    }

    private static string? AccountOf(HttpContext http) => http.Request.RouteValues[AccountRoute] is string text ? Account.Canonical(text) : null;
}
