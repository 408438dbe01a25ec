using System.Runtime.InteropServices;
using MoMo.Domain.Deliveries;
using MoMo.Tests.Channels;
using MoMo.Tests.Specs;
using MoMo.Tests.Support;

namespace MoMo.Tests.Edge.Drops;

/// <summary>Whoever watches the folder never finds half a file: it has another name until all of it is there.</summary>
public sealed class HalfWrittenTests
{
    private const string Sshd = "/usr/sbin/sshd";
    private static readonly int[] Many = [.. Enumerable.Range(1, 400)]; // more than a pipe holds, and many pieces of SFTP
    private static readonly string Name = $"payments-000000000001-{new LocalUnderTest().BatchName(Many)}.ndjson";
    private static readonly string Part = $".{Name}.half.part";

    [Fact]
    public async Task A_file_of_this_machine_has_its_name_only_when_it_is_whole()
    {
        if (OperatingSystem.IsWindows()) return; // it has no such pipes
        await using var test = new LocalUnderTest();
        Directory.CreateDirectory(test.Folder);
        await HoldAsync(test, () => Assert.Equal([Part], Names(test.Folder)));

        // One that is there already stays as it is until then.
        File.Delete(Path.Combine(test.Folder, Name));
        var before = "what a crash left"u8.ToArray();
        await File.WriteAllBytesAsync(Path.Combine(test.Folder, Name), before);
        await HoldAsync(test, () =>
        {
            Assert.Equal([Part, Name], Names(test.Folder));
            Assert.Equal(before, File.ReadAllBytes(Path.Combine(test.Folder, Name)));
        });
    }

    [ServerFact(Sshd, "openssh-server")]
    public async Task A_file_of_an_SFTP_server_has_its_name_only_when_it_is_whole()
    {
        await using var test = await SftpUnderTest.StartAsync();
        await using var wire = new HeldWire(test.Port, 128 * 1024);
        test.Through = wire.Port;
        var sending = test.SendAsync(Many);
        Assert.Same(wire.Held, await Task.WhenAny(wire.Held, sending));
        await Eventually.TrueAsync(
            () => new DirectoryInfo(test.Folder).GetFiles().Any(file => file.Length > 0), () => "a part of the file to be written");
        Assert.Equal([Part], Names(test.Folder));
        Assert.False(sending.IsCompleted);

        wire.Release();
        var result = await sending;
        Assert.True(result.Verdict == AttemptVerdict.Delivered, result.Error);
        Assert.Equal([Name], Names(test.Folder));
        Assert.Equal(Many.Select(KindUnderTest.Id), await test.ReceivedAsync());
    }

    /// <summary>Sends many while the file that they are written to is a pipe: it takes in no more than is read of it.</summary>
    private static async Task HoldAsync(LocalUnderTest test, Action look)
    {
        var place = Path.Combine(test.Folder, Part);
        Assert.Equal(0, mkfifo(place, 0b110_000_000));
        await using var pipe = new FileStream(
            place, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite, BufferSize = 0 });
        var sending = Task.Run(() => test.SendAsync(Many));
        var read = new byte[16 * 1024];
        var first = pipe.ReadAsync(read).AsTask();
        Assert.Same(first, await Task.WhenAny(first, sending));
        look();
        Assert.False(sending.IsCompleted);

        for (var lines = Lines(await first); lines < Many.Length;) lines += Lines(await pipe.ReadAsync(read));
        var result = await sending;
        Assert.True(result.Verdict == AttemptVerdict.Delivered, result.Error);
        Assert.Equal([Name], Names(test.Folder));

        int Lines(int bytes) => read.AsSpan(0, bytes).Count((byte)'\n');
    }

    private static IEnumerable<string?> Names(string folder) => Directory.GetFileSystemEntries(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [DllImport("libc", BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern int mkfifo([MarshalAs(UnmanagedType.LPUTF8Str)] string path, uint mode);
}
