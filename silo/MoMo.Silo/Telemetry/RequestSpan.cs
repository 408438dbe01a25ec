using System.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using MoMo.Silo.Api;

namespace MoMo.Silo.Telemetry;

/// <summary>
/// Says in a request's span what was asked and answered: method, route, status. The framework says nothing by itself, and when told to it says the path,
/// which may hold a callback's secret or a customer's number. First in the pipeline, and only when traces are sent.
/// </summary>
internal sealed class RequestSpan(RequestDelegate next)
{
    private static readonly string[] Methods = ["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "CONNECT", "TRACE"];

    public async Task InvokeAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        try
        {
            await next(context);
        }
        finally
        {
            if (context.Features.Get<IHttpActivityFeature>()?.Activity is { IsAllDataRequested: true } span) Tell(span, context);
        }
    }

    private static void Tell(Activity span, HttpContext context)
    {
        var method = Methods.Contains(context.Request.Method) ? context.Request.Method : "_OTHER"; // as the semantic conventions have it
        span.SetTag("http.request.method", method);
        span.SetTag("http.response.status_code", context.Response.StatusCode);
        if (context.Response.StatusCode >= 500) span.SetStatus(ActivityStatusCode.Error);
        span.DisplayName = method;
        if (RouteText.Find(context) is not { } route) return;
        span.SetTag("http.route", route);
        span.DisplayName = $"{method} {route}";
    }
}
