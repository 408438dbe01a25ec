using System.Threading.Channels;
using MoMo.Client.Wire;
using MoMo.Domain.Payments;

namespace MoMo.Silo.Api;

/// <summary>What one stream has in flight: answers in the order of the lines, bounded in lines and in the bytes that wait for their commit.</summary>
internal sealed class BulkWindow
{
    /// <summary>Lines in flight at most.</summary>
    private const int LinesMax = 8_192;

    /// <summary>Bytes of lines that wait for their commit at most.</summary>
    private const long BytesMax = 16 * 1024 * 1024;

    private readonly Channel<Task<BulkLine>> answers =
        Channel.CreateBounded<Task<BulkLine>>(new BoundedChannelOptions(LinesMax) { SingleReader = true, SingleWriter = true });

    private readonly Channel<bool> freed =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private StreamPlace place = StreamPlace.First();
    private long waiting;

    /// <summary>Answers, in the order of the lines.</summary>
    public ChannelReader<Task<BulkLine>> Answers => answers.Reader;

    /// <summary>The place of the next line that is a payment.</summary>
    public StreamPlace NextPlace()
    {
        var mine = place;
        place = mine.Next();
        return mine;
    }

    /// <summary>Waits until a line of this size may be in flight. One line always may.</summary>
    public async ValueTask EnterAsync(int bytes, CancellationToken cancellation)
    {
        while (Interlocked.Read(ref waiting) is > 0 and var now && now + bytes > BytesMax) await freed.Reader.ReadAsync(cancellation);
        Interlocked.Add(ref waiting, bytes);
    }

    /// <summary>A line that entered has been answered.</summary>
    public void Leave(int bytes)
    {
        Interlocked.Add(ref waiting, -bytes);
        freed.Writer.TryWrite(true);
    }

    /// <summary>Puts an answer, perhaps one still to come, behind the others.</summary>
    public ValueTask AddAsync(Task<BulkLine> answer, CancellationToken cancellation) =>
        answers.Writer.TryWrite(answer) ? default : answers.Writer.WriteAsync(answer, cancellation);

    /// <summary>No more lines.</summary>
    public void End(Exception? fault) => answers.Writer.TryComplete(fault);
}
