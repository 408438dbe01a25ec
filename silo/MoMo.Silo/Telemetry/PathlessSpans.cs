using System.Diagnostics;
using OpenTelemetry;

namespace MoMo.Silo.Telemetry;

/// <summary>
/// Takes addresses out of spans before they are sent: an account's URL, or that of a callback, may hold a secret. The server, and for requests to us the
/// route, say enough.
/// </summary>
internal sealed class PathlessSpans : BaseProcessor<Activity>
{
    private static readonly string[] Names = ["url.full", "url.path", "url.query"];

    public override void OnEnd(Activity data)
    {
        ArgumentNullException.ThrowIfNull(data);
        foreach (var name in Names)
        {
            if (data.GetTagItem(name) is not null) data.SetTag(name, null);
        }
    }
}
