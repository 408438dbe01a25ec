using MoMo.Engine;

namespace MoMo.Silo.Api;

/// <summary>
/// Refuses what would be passed over in silence: names of a query that an operation does not know, and bodies that are encoded in a way that nobody
/// here decodes. A request that has neither costs two looks.
/// </summary>
internal sealed class StrictRequests(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var request = context.Request;
        var encodings = request.Headers.ContentEncoding;
        if (!request.QueryString.HasValue && encodings.Count == 0) return next(context);
        if (context.GetEndpoint()?.Metadata.GetMetadata<KnownQuery>() is not { } known) return next(context);
        if (encodings.Count > 0 && !string.Equals(encodings, "identity", StringComparison.OrdinalIgnoreCase))
        {
            context.Response.Headers.AcceptEncoding = "identity";
            return Problems.Of(new Refusal(
                "media-type-unsupported", $"Content-Encoding: {RouteText.Part(encodings.ToString())} is not taken here: send the body as it is, without one.")).ExecuteAsync(context);
        }

        return request.QueryString.HasValue && known.Check(request) is { } refusal ? Problems.Of(refusal).ExecuteAsync(context) : next(context);
    }
}
