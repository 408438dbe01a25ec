using System.Collections.Concurrent;
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
        await using var test = new LocalUnderTest();
        Directory.CreateDirectory(test.Folder);
        Assert.Equal(["Created part", "Renamed name"], await WatchAsync(test));

        // One that is there already stays as it is until then.
        await File.WriteAllTextAsync(Path.Combine(test.Folder, Name), "what a crash left");
        Assert.Equal(["Created part", "Renamed name"], await WatchAsync(test));
        Assert.Equal(Many.Select(KindUnderTest.Id), await test.ReceivedAsync());
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

    /// <summary>What becomes of the folder while many are sent, but for what is written to a file that has no name yet.</summary>
    private static async Task<string[]> WatchAsync(LocalUnderTest test)
    {
        using var watcher = new FileSystemWatcher(test.Folder) { NotifyFilter = NotifyFilters.FileName | NotifyFilters.LastWrite };
        ConcurrentQueue<string> seen = [];
        void See(FileSystemEventArgs one) => seen.Enqueue($"{one.ChangeType} {(one.Name == Name ? "name" : one.Name == Part ? "part" : one.Name)}");
        watcher.Created += (_, one) => See(one);
        watcher.Changed += (_, one) => See(one);
        watcher.Deleted += (_, one) => See(one);
        watcher.Renamed += (_, one) => See(one);
        watcher.EnableRaisingEvents = true;
        var result = await test.SendAsync(Many);
        Assert.True(result.Verdict == AttemptVerdict.Delivered, result.Error);
        Assert.Equal([Name], Names(test.Folder));
        // The last that it sees: whatever came before has been seen by then.
        await File.WriteAllTextAsync(Path.Combine(test.Folder, "last"), "");
        await Eventually.TrueAsync(() => seen.Contains("Created last"), () => string.Join(", ", seen));
        File.Delete(Path.Combine(test.Folder, "last"));
        return [.. seen.TakeWhile(one => one != "Created last").Where(one => one != "Changed part")];
    }

    private static IEnumerable<string?> Names(string folder) => Directory.GetFileSystemEntries(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal);
}
