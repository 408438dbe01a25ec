using System.Buffers.Binary;

namespace MoMo.Engine;

/// <summary>
/// Makes time-ordered ids: UUID version 7 (RFC 9562, section 5.7), so that rows of the same moment are neighbours in an index.
/// Time and chance come from outside. Safe for several threads.
/// </summary>
public sealed class Ids(TimeProvider clock, Random chance)
{
    private readonly Lock gate = new();
    private long lastMilliseconds;
    private int counter;

    /// <summary>Ids from the system's clock and chance.</summary>
    public Ids() : this(TimeProvider.System, Random.Shared) { }

    /// <summary>The next id. Ids of one maker rise, also within one millisecond and when the clock is set back.</summary>
    public Guid Next()
    {
        Span<byte> bytes = stackalloc byte[16];
        lock (gate)
        {
            var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
            if (now > lastMilliseconds) (lastMilliseconds, counter) = (now, 0);
            else if (++counter > 0xFFF) (lastMilliseconds, counter) = (lastMilliseconds + 1, 0);
            chance.NextBytes(bytes[8..]);
            BinaryPrimitives.WriteInt64BigEndian(bytes, (lastMilliseconds << 16) | 0x7000L | (long)counter);
        }

        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
