using MoMo.Domain.Deliveries;
using MoMo.Edge.Drops;
using MoMo.Tests.Specs;
using MoMo.Tests.Support;

namespace MoMo.Tests.Edge.Drops;

/// <summary>Who may read files that are written where the hub runs.</summary>
public sealed class DropModesTests
{
    [Fact]
    public async Task The_hubs_own_outbox_is_closed_to_all_but_its_owner_and_its_group()
    {
        if (OperatingSystem.IsWindows()) return; // it has no modes
        using var root = new TestFolder();
        var outbox = Path.Combine(root.Path, "outbox");
        await SendAsync(new DropKind(new DropOptions(), outbox), "in/deep");
        foreach (var folder in (string[])["", "acme", "acme/in", "acme/in/deep"]) Assert.Equal("750", Mode(Path.Combine(outbox, folder)));
        Assert.Equal("640", Mode(Assert.Single(Directory.GetFiles(Path.Combine(outbox, "acme", "in", "deep")))));
    }

    [Fact]
    public async Task An_outbox_that_was_open_is_closed_and_what_comes_into_it_as_well()
    {
        if (OperatingSystem.IsWindows()) return; // it has no modes
        using var root = new TestFolder();
        var (outbox, own) = (Path.Combine(root.Path, "outbox"), Path.Combine(root.Path, "outbox", "acme"));
        Make(own, "755");
        Set(outbox, "2775");
        // What a crash left behind of the very file that comes.
        var name = $"payments-000000000001-{KindUnderTest.Id(1)}.ndjson";
        await File.WriteAllTextAsync(Path.Combine(own, $".{name}.half.part"), "half");
        Set(Path.Combine(own, $".{name}.half.part"), "666");
        await SendAsync(new DropKind(new DropOptions { PartMark = "half" }, outbox), ".");
        await SendAsync(new DropKind(new DropOptions(), outbox), "in");
        Assert.Equal(("2770", "640", "750", "640"), (Mode(outbox), Mode(Path.Combine(own, name)), Mode(Path.Combine(own, "in")), Mode(Path.Combine(own, "in", name))));
    }

    [Theory]
    [InlineData("2750", "2750", "640")]
    [InlineData("2770", "2770", "640")]
    [InlineData("700", "700", "600")]
    [InlineData("755", "755", "644")]
    [InlineData("1777", "775", "644")]
    public async Task A_folder_of_the_operators_decides_itself_who_may_read_what_comes_into_it(string mode, string folder, string file)
    {
        if (OperatingSystem.IsWindows()) return; // it has no modes
        using var root = new TestFolder();
        var own = Path.Combine(root.Path, "for-acme", "acme");
        Make(own, mode);
        var options = new DropOptions();
        options.AllowedFolders.Add(Path.GetDirectoryName(own)!);
        await SendAsync(new DropKind(options, "/nowhere"), "in");
        await SendAsync(new DropKind(options, "/nowhere"), ".");
        Assert.Equal((mode, folder), (Mode(own), Mode(Path.Combine(own, "in"))));
        Assert.Equal((file, file), (Mode(Assert.Single(Directory.GetFiles(own))), Mode(Assert.Single(Directory.GetFiles(Path.Combine(own, "in"))))));
    }

    [Fact]
    public void A_new_folder_is_on_the_disk_by_its_name_as_well()
    {
        if (OperatingSystem.IsWindows()) return; // there a name is written with its folder
        using var root = new TestFolder();
        var allowed = Path.Combine(root.Path, "outbox");
        List<string> synced = [];
        var modes = new DropModes(allowed, true, synced.Add);
        modes.Prepare(Path.Combine(allowed, "acme", "in"));
        modes.Prepare(Path.Combine(allowed, "acme", "in"));
        Assert.Equal([root.Path, allowed, Path.Combine(allowed, "acme")], synced);
    }

    private static async Task SendAsync(DropKind kind, string path)
    {
        var to = new LaneDestination(1, "acme", "file", new Uri("file:///x"), [], false) { Settings = System.Text.Json.JsonSerializer.SerializeToElement(new { path }) };
        var due = KindUnderTest.Due(1);
        var result = await kind.SendAsync([new DeliveryMessage(due.Id, to.Url, [], "{\"a\":1}"u8.ToArray()) { Due = due, To = to }], CancellationToken.None);
        Assert.True(result.Verdict == AttemptVerdict.Delivered, result.Error);
    }

    private static void Make(string folder, string mode)
    {
        Directory.CreateDirectory(folder);
        Set(folder, mode);
    }

    private static void Set(string path, string mode)
    {
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, (UnixFileMode)Convert.ToInt32(mode, 8));
    }

    private static string Mode(string path) => OperatingSystem.IsWindows() ? "" : Convert.ToString((int)File.GetUnixFileMode(path), 8);
}
