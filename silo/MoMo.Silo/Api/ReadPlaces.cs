using System.Security.Claims;
using Microsoft.Extensions.Options;
using MoMo.Client.Wire;
using MoMo.Edge;
using MoMo.Engine;
using MoMo.Silo.Hosting;

namespace MoMo.Silo.Api;

/// <summary>
/// How many reads go on at once: two fifths of the connections to the database, and a quarter of these for one key. A read may keep a connection for
/// seconds, and whoever asks for much must keep neither payments nor lanes of others waiting. What brings payments does not come here.
/// </summary>
internal sealed class ReadPlaces(IOptions<HubOptions> options, TimeProvider clock) : IEndpointFilter, IDisposable
{
    /// <summary>How long a read waits for its place at most.</summary>
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    private readonly FairPlaces places = new(AllOf(options.Value.ConnectionsMax), OwnOf(options.Value.ConnectionsMax));

    /// <summary>Reads of all keys at once, of so many connections.</summary>
    public static int AllOf(int connections) => connections * 2 / 5;

    /// <summary>Reads of one key at once, of so many connections.</summary>
    public static int OwnOf(int connections) => Math.Max(AllOf(connections) / 4, 2);

    /// <summary>Lets an endpoint's requests wait for their places.</summary>
    public static void Guard(EndpointBuilder endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        endpoint.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status429TooManyRequests, typeof(ProblemView), [Problems.MediaType]));
        endpoint.FilterFactories.Add(static (made, next) =>
        {
            var places = made.ApplicationServices.GetRequiredService<ReadPlaces>();
            return call => places.InvokeAsync(call, next);
        });
    }

    /// <summary>Whether an endpoint reads, and has callers with keys: the PSPs' calls have none, and may bring a payment by GET.</summary>
    public static bool IsRead(RouteEndpointBuilder endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        var route = endpoint.RoutePattern.RawText ?? "";
        return endpoint.Metadata.OfType<IHttpMethodMetadata>().Any(methods => methods.HttpMethods.Contains(HttpMethods.Get))
            && route.StartsWith("/v1/", StringComparison.Ordinal) && !route.StartsWith("/v1/callbacks/", StringComparison.Ordinal);
    }

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(next);
        var key = context.HttpContext.User.FindFirstValue(ClaimTypes.NameIdentifier) ?? "";
        using var place = places.TryTake(key) ?? await WaitAsync(key, context.HttpContext.RequestAborted);
        return place is null
            ? Problems.Of(new Refusal("too-many-requests", "As many reads are under way as may be, of this key or of all: ask again, and for less at once."), Retry)
            : await next(context);
    }

    /// <summary>Ends it.</summary>
    public void Dispose() => places.Dispose();

    /// <returns>Null when none became free in time.</returns>
    private async Task<IDisposable?> WaitAsync(string key, CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(WaitMax, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        try
        {
            return await places.TakeAsync(key, either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
    }
}
