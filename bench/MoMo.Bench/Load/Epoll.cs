using System.Buffers.Binary;
using System.Runtime.InteropServices;
using MoMo.Bench.Hub;

namespace MoMo.Bench.Load;

/// <summary>
/// Waits for many sockets on one thread (Linux, epoll(7)). The framework's own asynchronous sockets would cost the silo, which shares the
/// processor with us, several times as much.
/// </summary>
internal sealed class Epoll : IDisposable
{
    private const int CloseOnExec = 0x80000;
    private const int ControlAdd = 1;
    private const int Readable = 1;

    /// <summary>struct epoll_event is packed on x86-64 only.</summary>
    private static readonly bool Packed = RuntimeInformation.ProcessArchitecture == Architecture.X64;
    private static readonly int Size = Packed ? 12 : 16;
    private static readonly int DataOffset = Packed ? 4 : 8;

    private readonly int handle = NativeMethods.epoll_create1(CloseOnExec);
    private readonly byte[] happenings = new byte[16 * 512];

    /// <summary>Adds a socket; a closed one leaves by itself.</summary>
    public void Add(int socket, int name)
    {
        var happening = new byte[Size];
        BinaryPrimitives.WriteInt32LittleEndian(happening, Readable);
        BinaryPrimitives.WriteInt32LittleEndian(happening.AsSpan(DataOffset), name);
        if (NativeMethods.epoll_ctl(handle, ControlAdd, socket, happening) != 0)
            throw new BenchException($"epoll_ctl failed with error {Marshal.GetLastPInvokeError()}.");
    }

    /// <summary>Waits until something can be read.</summary>
    /// <param name="milliseconds">At most so long; 0 only looks.</param>
    /// <param name="names">Filled with the names of those sockets; 512 or more places.</param>
    /// <returns>How many.</returns>
    public int Wait(int milliseconds, Span<int> names)
    {
        var count = NativeMethods.epoll_wait(handle, happenings, happenings.Length / 16, milliseconds);
        for (var place = 0; place < count; place++)
            names[place] = BinaryPrimitives.ReadInt32LittleEndian(happenings.AsSpan(place * Size + DataOffset));
        return Math.Max(count, 0); // -1: a signal came; nothing is lost by looking again
    }

    public void Dispose() => _ = NativeMethods.close(handle);
}
