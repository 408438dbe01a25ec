using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing.Template;

namespace MoMo.Silo.Api;

/// <summary>Which media types an operation takes, for a request that was refused before it got there.</summary>
internal static class MediaTypes
{
    /// <summary>What the operation at the request's address takes, in words; <c>application/json</c> when it does not say.</summary>
    public static string Of(HttpContext context)
    {
        var types = context.RequestServices.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains(context.Request.Method, StringComparer.Ordinal) ?? false)
            .Where(endpoint => new TemplateMatcher(new RouteTemplate(endpoint.RoutePattern), []).TryMatch(context.Request.Path, []))
            .OrderBy(endpoint => endpoint.RoutePattern.InboundPrecedence)
            .Select(endpoint => endpoint.Metadata.GetMetadata<IAcceptsMetadata>()?.ContentTypes)
            .FirstOrDefault();
        return types is { Count: > 0 } ? string.Join(" or ", types) : "application/json";
    }
}
