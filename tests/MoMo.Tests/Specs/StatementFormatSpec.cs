using System.Text;
using System.Text.Json;
using MoMo.Domain.Files;
using MoMo.Domain.Payments;

namespace MoMo.Tests.Specs;

/// <summary>What every format of statement files keeps to, whatever it reads. A format is a subclass of a few lines.</summary>
public abstract class StatementFormatSpec
{
    private const int Mutations = 2_000;

    protected abstract IStatementFormat Format { get; }

    /// <summary>The format's settings as JSON.</summary>
    protected virtual string Settings => "{}";

    /// <summary>A small file with payments and more.</summary>
    protected abstract string Sample { get; }

    /// <summary>A file of many payments, in pieces.</summary>
    protected abstract IEnumerable<string> Big(int payments);

    /// <summary>The start of a file whose next piece never ends, whatever the piece's letters are.</summary>
    protected abstract string EndlessStart { get; }

    /// <summary>Whether a file that is cut off can be told from a whole one.</summary>
    protected abstract bool CutIsRefused { get; }

    /// <summary>What reading the big file may keep alive, in bytes.</summary>
    protected virtual long LiveBytesMax => 32 << 20;

    /// <summary>What the fuzzer begins with: a format joins it by having a specification.</summary>
    internal (IStatementFormat Format, string Settings, string Sample) Specimen => (Format, Settings, Sample);

    private StatementSource Source => new("test-psp", "test-adapter", JsonElement.Parse(Settings));

    [Fact]
    public async Task A_sample_holds_payments_and_is_not_refused()
    {
        var entries = await ReadAsync(Encoding.UTF8.GetBytes(Sample));
        Assert.NotEmpty(entries.OfType<PaymentEntry>());
        Assert.Empty(entries.OfType<FileRefused>());
    }

    [Fact]
    public async Task A_file_reads_the_same_whatever_the_size_of_the_reads()
    {
        var whole = await ReadAsync(Encoding.UTF8.GetBytes(Sample));
        foreach (var size in new[] { 1, 2, 7, 4096 })
        {
            using var pieced = new PiecedStream([Sample], size);
            Assert.Equal(whole, await ReadAsync(pieced));
        }
    }

    [Fact]
    public async Task A_file_is_not_closed()
    {
        using var file = new PiecedStream([Sample]);
        await ReadAsync(file);
        Assert.False(file.Closed);
    }

    [Fact]
    public async Task A_file_cut_off_at_any_byte_never_throws()
    {
        var bytes = Encoding.UTF8.GetBytes(Sample.TrimEnd());
        for (var length = 0; length < bytes.Length; length++)
        {
            var entries = await ReadAsync(bytes[..length]);
            if (CutIsRefused) Assert.True(entries is [.., FileRefused], $"Cut at {length} of {bytes.Length}.");
        }
    }

    [Fact]
    public async Task A_damaged_file_never_throws()
    {
        for (var seed = 1; seed <= Mutations; seed++)
        {
            try
            {
                await ReadAsync(Damage(Encoding.UTF8.GetBytes(Sample), new Random(seed)));
            }
            catch (Exception e) when (e is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"Seed {seed}: {e}");
            }
        }
    }

    [Fact]
    public async Task An_empty_file_never_throws() => Assert.Empty((await ReadAsync([])).OfType<PaymentEntry>());

    [Fact]
    public async Task A_piece_that_never_ends_refuses_the_file()
    {
        using var file = new PiecedStream(Endless());
        Assert.IsType<FileRefused>((await ReadAsync(file))[^1]);
    }

    [Fact]
    public async Task Cancelling_ends_the_reading()
    {
        using var stop = new CancellationTokenSource();
        using var file = new PiecedStream(Big(1_000_000));
        var read = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in Format.ReadAsync(file, Source, stop.Token))
                if (++read == 100) await stop.CancelAsync();
        });
        Assert.InRange(read, 100, 10_000);
    }

    [Fact]
    public async Task A_big_file_is_read_in_bounded_memory()
    {
        const int Payments = 150_000;
        using var file = new PiecedStream(Big(Payments));
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var (read, live) = (0, 0L);
        await foreach (var entry in Format.ReadAsync(file, Source, CancellationToken.None))
        {
            Assert.IsType<PaymentEntry>(entry);
            if (++read % (Payments / 4) == 0) live = Math.Max(live, GC.GetTotalMemory(forceFullCollection: true) - before);
        }

        Assert.Equal(Payments, read);
        Assert.InRange(live, long.MinValue, LiveBytesMax);
    }

    /// <summary>Reads a file and checks what holds for every file.</summary>
    private async Task<List<Entry>> ReadAsync(Stream file)
    {
        List<Entry> entries = [];
        await foreach (var entry in Format.ReadAsync(file, Source, CancellationToken.None)) entries.Add(entry);
        StatementEntries.AssertInOrder(entries);
        return entries;
    }

    private async Task<List<Entry>> ReadAsync(byte[] bytes)
    {
        using var file = new MemoryStream(bytes, writable: false);
        return await ReadAsync(file);
    }

    private static byte[] Damage(byte[] bytes, Random chance)
    {
        var damaged = bytes.ToList();
        for (var blow = chance.Next(1, 6); blow > 0; blow--)
        {
            var at = chance.Next(damaged.Count);
            var length = Math.Min(chance.Next(1, 40), damaged.Count - at);
            switch (chance.Next(5))
            {
                case 0: damaged[at] = (byte)chance.Next(256); break;
                case 1: damaged.RemoveRange(at, Math.Min(length, damaged.Count - 1)); break;
                case 2: damaged.InsertRange(at, damaged.GetRange(at, length)); break;
                case 3: damaged.Insert(at, (byte)"\0\"<>&,;#\r\n-.9"[chance.Next(13)]); break;
                default: damaged[at] ^= (byte)(1 << chance.Next(8)); break;
            }
        }

        return [.. damaged];
    }

    private IEnumerable<string> Endless()
    {
        yield return EndlessStart;
        var letters = new string('x', 1 << 16);
        for (var piece = 0; piece < 1 << 10; piece++) yield return letters;
    }
}
