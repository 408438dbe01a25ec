using System.Diagnostics;

namespace MoMo.Silo.Hosting;

/// <summary>
/// Gives each request an activity, and with it the id that its log lines and problems carry, without the framework's log scope, which would carry the
/// request's path as well.
/// </summary>
internal static class RequestIds
{
    private static readonly ActivityListener Listener = new()
    {
        ShouldListenTo = source => source.Name == "Microsoft.AspNetCore",
        Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.PropagationData,
    };

    /// <summary>Begins; more than once changes nothing.</summary>
    public static void Begin() => ActivitySource.AddActivityListener(Listener);
}
