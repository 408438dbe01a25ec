namespace MoMo.Silo.Api;

/// <summary>Marks an operation whose repeats nothing else tells from a second request: see <see cref="IdempotencyMiddleware"/>.</summary>
internal sealed class TakesIdempotencyKey
{
    /// <summary>The mark.</summary>
    public static readonly TakesIdempotencyKey Mark = new();

    private TakesIdempotencyKey() { }
}
