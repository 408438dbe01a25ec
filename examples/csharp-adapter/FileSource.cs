using System.Globalization;
using System.Threading.Channels;
using MoMo.Client.Adapters;
using MoMo.Client.Wire;

namespace CsharpAdapter;

/// <summary>The PSP's file, and how much of it the hub has acknowledged.</summary>
internal sealed class FileSource(string path, string psp)
{
    private const int AheadMax = 1_024;
    private readonly string mark = path + ".done";

    /// <summary>Sends the lines that were not acknowledged before, and moves the mark on behind them.</summary>
    /// <returns>How many the hub refused.</returns>
    /// <exception cref="IOException">The hub could not take a line, again and again. The mark is before it.</exception>
    public async Task<int> SendAsync(AdapterHost host, CancellationToken cancellation)
    {
        var done = File.Exists(mark) ? int.Parse(await File.ReadAllTextAsync(mark, cancellation), CultureInfo.InvariantCulture) : 0;
        var sent = Channel.CreateBounded<Task<BulkLine>>(AheadMax);
        var marking = MarkAsync(sent, done, cancellation);
        try
        {
            var number = 0;
            await foreach (var line in File.ReadLinesAsync(path, cancellation))
            {
                if (++number > done) await sent.Writer.WriteAsync(await host.EnqueueAsync(Read(line), cancellation), cancellation);
            }
        }
        catch (ChannelClosedException)
        {
            // The marking has ended, and says why below.
        }
        finally
        {
            sent.Writer.TryComplete();
        }

        return await marking;
    }

    private NewPayment Read(string line)
    {
        var fields = line.Split(';');
        return new NewPayment
        {
            Psp = psp, PspReference = fields[0], AccountId = fields[1], ReferenceId = fields[2].Length == 0 ? null : fields[2],
            Amount = fields[3], Currency = fields[4], PaidAt = fields[5],
        };
    }

    private async Task<int> MarkAsync(Channel<Task<BulkLine>> sent, int done, CancellationToken cancellation)
    {
        try
        {
            return await MarkAsync(sent.Reader, done, cancellation);
        }
        finally
        {
            // Whatever ended it: whoever still sends must not wait for room for ever.
            sent.Writer.TryComplete();
        }
    }

    private async Task<int> MarkAsync(ChannelReader<Task<BulkLine>> sent, int done, CancellationToken cancellation)
    {
        var refused = 0;
        await foreach (var acknowledgement in sent.ReadAllAsync(cancellation))
        {
            var answer = await acknowledgement.WaitAsync(cancellation);
            if (answer.Status >= 500)
            {
                // That is no decision. What came behind it is sent once more, too.
                await KeepAsync(done);
                throw new IOException($"The hub can't take line {done + 1} now ({answer.Code}: {answer.Detail}). Start again later: it goes on there.");
            }

            if (answer.Status >= 300)
            {
                refused++;
                await Console.Error.WriteLineAsync($"{answer.Code}: {answer.Detail}");
            }

            // Not for each line: what is sent twice does no harm.
            if (++done % 100 == 0 || !sent.TryPeek(out _)) await KeepAsync(done);
        }

        await KeepAsync(done);
        return refused;
    }

    private async Task KeepAsync(int done)
    {
        // A crash leaves the old mark or the new one, never half of one.
        await File.WriteAllTextAsync(mark + ".new", done.ToString(CultureInfo.InvariantCulture), CancellationToken.None);
        File.Move(mark + ".new", mark, overwrite: true);
    }
}
