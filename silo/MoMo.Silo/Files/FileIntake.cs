using System.Collections.Concurrent;
using System.Threading.Channels;
using MoMo.Domain.Adapters;
using MoMo.Domain.Files;
using MoMo.Domain.Payments;
using MoMo.Domain.Proofs;
using MoMo.Domain.Reversals;
using MoMo.Edge;
using MoMo.Engine;
using MoMo.Silo.Api;
using MoMo.Silo.Telemetry;
using MoMo.Storage.Files;

namespace MoMo.Silo.Files;

/// <summary>
/// Takes statement files: the bytes are kept first, then read twice. The first reading only finds out whether the file as a whole can be trusted
/// (one that ends in the middle is refused entirely) and which of its statements contradict themselves; the second makes the payments. Reading a
/// file again, after a crash or because it was sent again, takes nothing twice.
/// </summary>
internal sealed class FileIntake(FileStore store, Intake intake, IEnumerable<IStatementFormat> formats, HubMetrics metrics) : IDisposable
{
    /// <summary>Files that are uploaded at once: each holds a piece in memory, at its sender's pace. What channels fetch is bounded by their looks.</summary>
    public const int UploadsMax = 4;

    /// <summary>Files that are uploaded through one adapter at once.</summary>
    public const int OwnMax = UploadsMax / 2;

    /// <summary>Files read at once; others wait. Each has up to <see cref="WindowMax"/> payments in memory.</summary>
    private const int ReadingsMax = 4;

    /// <summary>Payments of one file in flight.</summary>
    private const int WindowMax = 8_192;

    /// <summary>Remarks recorded at once.</summary>
    private const int RemarksAtOnce = 1_000;

    private static readonly TimeSpan UploadWait = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, IStatementFormat> formats = formats.ToDictionary(format => format.Name);
    private readonly ConcurrentDictionary<Guid, int> reading = new(); // how many times just now
    private readonly SemaphoreSlim readings = new(ReadingsMax);
    private readonly FairPlaces uploads = new(UploadsMax, OwnMax);
    private int receiving;

    /// <summary>Files that are being uploaded now.</summary>
    public int Receiving => Volatile.Read(ref receiving);

    /// <summary>Whether files of this format can be read.</summary>
    public bool Reads(string format) => formats.ContainsKey(format);

    /// <summary>Keeps a file that is uploaded, and takes what it holds.</summary>
    /// <returns>What came of it, and whether the very same bytes had been sent before.</returns>
    /// <exception cref="HubBusyException">As many files as may be are being uploaded, or the database did not confirm a payment.</exception>
    /// <exception cref="BadHttpRequestException">413: larger than <see cref="FileStore.SizeMax"/>.</exception>
    public async Task<(StatementFile File, bool Replayed)> TakeAsync(Adapter adapter, string? name, Stream bytes, CancellationToken cancellation)
    {
        var (file, replayed) = await UploadAsync(adapter, name, bytes, cancellation);
        return (await ReadAsync(adapter, file, cancellation), replayed);
    }

    private async Task<(StatementFile File, bool Replayed)> UploadAsync(Adapter adapter, string? name, Stream bytes, CancellationToken cancellation)
    {
        using var place = uploads.TryTake(adapter.Id)
            ?? throw new HubBusyException($"As many files are being received as may be: {OwnMax} of one adapter, {UploadsMax} of all.", UploadWait);
        Interlocked.Increment(ref receiving);
        try
        {
            return await KeepAsync(adapter, name, bytes, cancellation);
        }
        finally
        {
            Interlocked.Decrement(ref receiving);
        }
    }

    /// <summary>Keeps a file's bytes.</summary>
    /// <returns>The file, and whether the very same bytes had been sent before.</returns>
    /// <exception cref="BadHttpRequestException">413: larger than <see cref="FileStore.SizeMax"/>.</exception>
    public async Task<(StatementFile File, bool Replayed)> KeepAsync(Adapter adapter, string? name, Stream bytes, CancellationToken cancellation)
    {
        try
        {
            return await store.KeepAsync(adapter.Id, name, bytes, cancellation);
        }
        catch (InvalidDataException e)
        {
            throw new RequestException(e.Message, StatusCodes.Status413PayloadTooLarge, e);
        }
    }

    /// <summary>Ends it.</summary>
    public void Dispose()
    {
        uploads.Dispose();
        readings.Dispose();
    }

    /// <summary>Whether this silo is reading the file just now.</summary>
    public bool IsReading(Guid file) => reading.ContainsKey(file);

    /// <summary>Reads a file that is kept, and takes what it holds; waits while <see cref="ReadingsMax"/> others are read.</summary>
    public async Task<StatementFile> ReadAsync(Adapter adapter, StatementFile file, CancellationToken cancellation)
    {
        reading.AddOrUpdate(file.Id, 1, static (_, times) => times + 1);
        try
        {
            await readings.WaitAsync(cancellation);
            try
            {
                return await TakeAsync(adapter, file, cancellation);
            }
            finally
            {
                readings.Release();
            }
        }
        finally
        {
            reading.AddOrUpdate(file.Id, 0, static (_, times) => times - 1);
            reading.TryRemove(KeyValuePair.Create(file.Id, 0));
        }
    }

    private async Task<StatementFile> TakeAsync(Adapter adapter, StatementFile file, CancellationToken cancellation)
    {
        var format = formats[adapter.Format];
        var source = new StatementSource(adapter.Psp, adapter.Id, adapter.Settings);
        var (refusal, held) = await LookThroughAsync(format, source, file, cancellation);
        if (refusal is { } refused)
        {
            await store.RemarkAsync(file.Id, [(FileStore.RefusalOrdinal, new FileRemark(refused.Position, "fault", refused.Code, null, null, refused.Detail))], cancellation);
            metrics.ReadFile("refused");
            return await store.RefuseAsync(file, refused.Detail, cancellation);
        }

        if (file is { State: not "reading", IsUnfinished: false }) await store.ReadAgainAsync(file.Id, cancellation);
        var tally = new FileTally(file, metrics);
        var window = Channel.CreateBounded<Func<Task>>(
            new BoundedChannelOptions(WindowMax) { SingleReader = true, SingleWriter = true });
        var counting = CountAsync(window);
        var order = StreamPlace.First();
        try
        {
            await foreach (var entry in ReadAsync(format, source, file, cancellation))
            {
                var place = tally.PlaceOf(entry);
                var why = entry is PaymentEntry or ReversalEntry ? held.Holds(entry.Position) : null;
                if (entry is PaymentEntry payment && why is not null)
                {
                    tally.Hold(place, payment.Notice.PspReference, payment.Notice.Amount, why);
                }
                else if (entry is ReversalEntry back && why is not null)
                {
                    tally.Hold(place, back.PspReference, back.Amount, why);
                }
                else if (entry is ReversalEntry reversal)
                {
                    if (counting.IsCompleted) break;
                    var proof = Proof.Of(new ProofLink(file.Sha256, null, entry.Position, file.Id));
                    var taken = intake.ReverseAsync(ReversalNotice.Of(reversal, adapter.Psp, adapter.Id), proof, order, cancellation);
                    order = order.Next();
                    await window.Writer.WriteAsync(async () => tally.Add(place, reversal, await taken), cancellation);
                }
                else if (entry is PaymentEntry { Notice: var notice })
                {
                    // Nothing of a file goes on while one of its payments failed for a fault of ours: the sender is told, and sends it again.
                    if (counting.IsCompleted) break;
                    var proof = Proof.Of(new ProofLink(file.Sha256, null, entry.Position, file.Id));
                    var taken = intake.TakeAsync(notice, adapter.Rules, proof, order, cancellation);
                    order = order.Next();
                    Func<Task> one = async () => tally.Add(place, notice.PspReference, await taken);
                    if (!window.Writer.TryWrite(one)) await window.Writer.WriteAsync(one, cancellation);
                }
                else
                {
                    tally.Add(place, entry);
                }

                if (tally.Remarks >= RemarksAtOnce) await FlushAsync(file.Id, tally, cancellation);
            }
        }
        catch (ChannelClosedException)
        {
            // The counting met a fault of ours and waits for nothing more; it says below which.
        }
        finally
        {
            window.Writer.TryComplete();
        }

        await counting;
        await FlushAsync(file.Id, tally, cancellation);
        metrics.ReadFile("taken");
        return await store.FinishAsync(file, tally.Counts, tally.Record, cancellation);
    }

    private async Task<(FileRefused? Refused, HeldPositions Held)> LookThroughAsync(
        IStatementFormat format, StatementSource source, StatementFile file, CancellationToken cancellation)
    {
        var held = new HeldPositions();
        await foreach (var entry in ReadAsync(format, source, file, cancellation))
        {
            if (entry is FileRefused refused) return (refused, held);
            if (entry is HeldEntry holding && !held.Add(holding))
                return (new FileRefused(entry.Position, "file-contradictory", $"More than {HeldPositions.RangesMax:N0} statements contradict themselves."), held);
        }

        return (null, held);
    }

    private async IAsyncEnumerable<Entry> ReadAsync(
        IStatementFormat format, StatementSource source, StatementFile file,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var bytes = store.Open(file.Id, cancellation);
        await foreach (var entry in format.ReadAsync(bytes, source, cancellation)) yield return entry;
    }

    private static async Task CountAsync(Channel<Func<Task>> window)
    {
        try
        {
            await foreach (var count in window.Reader.ReadAllAsync()) await count();
        }
        catch (Exception e)
        {
            // The reader may wait for room in a window that nobody empties any more.
            window.Writer.TryComplete(e);
            throw;
        }
    }

    private Task FlushAsync(Guid file, FileTally tally, CancellationToken cancellation) =>
        store.RemarkAsync(file, tally.TakeRemarks(), cancellation);
}
