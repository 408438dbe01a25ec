using System.Security.Claims;
using MoMo.Engine;
using MoMo.Silo.Identity;
using Npgsql;

namespace MoMo.Silo.Api;

/// <summary>
/// Who sends a stream. A stream may last for days: a key that was deleted, an adapter that was archived, and rules that were corrected count for its lines
/// as they do for payments that come alone, within a second.
/// </summary>
internal sealed class StreamSender(PaymentIntake intake, KnownKeys keys, HttpContext http, TimeProvider clock)
{
    private static readonly TimeSpan Lasts = TimeSpan.FromSeconds(1);
    private readonly string key = http.User.FindFirstValue(ClaimTypes.NameIdentifier)!;
    private Sender? known;
    private long foundAt;

    /// <summary>The sender as it is now; null when its key is gone.</summary>
    public ValueTask<Sender?> FindAsync(CancellationToken cancellation) =>
        known is { } sender && clock.GetElapsedTime(foundAt) < Lasts ? new(sender) : AskAsync(cancellation);

    private async ValueTask<Sender?> AskAsync(CancellationToken cancellation)
    {
        try
        {
            known = await keys.FindAsync(key, cancellation) is null ? null : await intake.SenderAsync(http, cancellation);
        }
        catch (Exception e) when (e is NpgsqlException or HubBusyException && known is not null)
        {
            // The lines themselves tell that the database is away, or the hub busy.
        }

        foundAt = clock.GetTimestamp();
        return known;
    }
}
