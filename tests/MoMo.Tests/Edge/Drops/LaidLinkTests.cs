using MoMo.Domain.Deliveries;
using MoMo.Edge;
using MoMo.Edge.Drops;
using MoMo.Tests.Specs;
using MoMo.Tests.Support;

namespace MoMo.Tests.Edge.Drops;

/// <summary>Links that somebody lays who may write in the folder, too: they lead no file elsewhere.</summary>
public sealed class LaidLinkTests
{
    [Fact]
    public async Task A_link_at_the_name_of_a_file_that_is_not_whole_yet_is_deleted_and_not_followed()
    {
        if (OperatingSystem.IsWindows()) return; // links need a right of their own there
        await using var test = new LocalUnderTest();
        using var other = new TestFolder();
        var secret = Path.Combine(other.Path, "secrets.key");
        await File.WriteAllTextAsync(secret, "a key");
        File.SetUnixFileMode(secret, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Directory.CreateDirectory(test.Folder);
        var name = $"payments-000000000001-{KindUnderTest.Id(1)}.ndjson";
        File.CreateSymbolicLink(Path.Combine(test.Folder, $".{name}.half.part"), secret);
        File.CreateSymbolicLink(Path.Combine(test.Folder, name), secret);

        var result = await test.SendAsync(1);
        Assert.True(result.Verdict == AttemptVerdict.Delivered, result.Error);
        Assert.Equal("a key", await File.ReadAllTextAsync(secret));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(secret));
        Assert.Null(new FileInfo(Assert.Single(Directory.GetFileSystemEntries(test.Folder))).LinkTarget);
        Assert.Equal([KindUnderTest.Id(1)], await test.ReceivedAsync());
    }

    [Fact]
    public void A_folder_that_is_held_stays_the_one_that_was_looked_at()
    {
        if (!OperatingSystem.IsLinux()) return; // only there it is known where an open folder lies
        using var root = new TestFolder();
        var (allowed, there) = (Path.Combine(root.Path, "allowed"), Directory.CreateDirectory(Path.Combine(root.Path, "there", "in")).FullName);
        Directory.CreateDirectory(Path.Combine(root.Path, "behind", "acme", "in"));
        Directory.CreateSymbolicLink(allowed, Path.Combine(root.Path, "behind")); // the operator's own
        using var held = HeldFolder.Find(allowed, Path.Combine(allowed, "acme", "in"));
        Assert.NotNull(held);
        Directory.Move(Path.Combine(allowed, "acme"), Path.Combine(allowed, "moved"));
        Directory.CreateSymbolicLink(Path.Combine(allowed, "acme"), Path.GetDirectoryName(there)!);
        File.WriteAllText(Path.Combine(held.Path, "file"), "");
        Assert.Equal(["file"], Directory.GetFileSystemEntries(Path.Combine(allowed, "moved", "in")).Select(Path.GetFileName));
        Assert.Empty(Directory.GetFileSystemEntries(there));
        Assert.Null(HeldFolder.Find(allowed, Path.Combine(allowed, "acme", "in")));
    }

    [Fact]
    public void A_folder_that_becomes_a_link_in_the_middle_of_an_attempt_gets_no_file()
    {
        if (!OperatingSystem.IsLinux()) return; // only there it is known where an open folder lies
        using var root = new TestFolder();
        var (own, there) = (Path.Combine(root.Path, "allowed", "acme"), Directory.CreateDirectory(Path.Combine(root.Path, "there", "in")).FullName);
        Directory.CreateDirectory(own);
        // Once its folder was looked at and made.
        var modes = new DropModes(Path.GetDirectoryName(own)!, false, _ =>
        {
            Directory.Move(own, $"{own}-moved");
            Directory.CreateSymbolicLink(own, Path.GetDirectoryName(there)!);
        });
        Assert.False(LocalDrop.Put(Path.GetDirectoryName(own)!, Path.Combine(own, "in"), modes, "file", ".file.part", "x"u8.ToArray(), CancellationToken.None));
        Assert.Empty(Directory.GetFileSystemEntries(there));
    }

    [Fact]
    public async Task A_file_that_is_not_whole_yet_has_another_name_in_each_attempt()
    {
        using var root = new TestFolder();
        var kind = new DropKind(new DropOptions(), root.Path);
        var folder = Directory.CreateDirectory(Path.Combine(root.Path, "acme")).FullName;
        using var watcher = new FileSystemWatcher(folder, "*.part") { NotifyFilter = NotifyFilters.FileName };
        System.Collections.Concurrent.ConcurrentQueue<string?> seen = [];
        watcher.Created += (_, one) => seen.Enqueue(one.Name);
        watcher.EnableRaisingEvents = true;
        var to = new LaneDestination(1, "acme", "file", new Uri("file:///x"), [], false);
        var due = KindUnderTest.Due(1);
        var message = new DeliveryMessage(due.Id, to.Url, [], "{\"a\":1}"u8.ToArray()) { Due = due, To = to };
        foreach (var _ in Enumerable.Range(0, 3)) Assert.Equal(AttemptVerdict.Delivered, (await kind.SendAsync([message], CancellationToken.None)).Verdict);
        await Eventually.TrueAsync(() => seen.Count == 3, () => string.Join(", ", seen));
        Assert.Equal(3, seen.Distinct().Count());
        Assert.Single(Directory.GetFileSystemEntries(folder));
    }
}
