namespace MoMo.Domain.Deliveries;

/// <summary>One source of chance for all lanes: what is passed need not be safe for several threads.</summary>
internal sealed class Chance(Random source) : Random
{
    private readonly Lock gate = new();

    public override long NextInt64(long minValue, long maxValue)
    {
        lock (gate) return source.NextInt64(minValue, maxValue);
    }
}
