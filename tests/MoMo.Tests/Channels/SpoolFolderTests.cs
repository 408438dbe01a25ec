using System.Net;
using MoMo.Domain.Channels;
using MoMo.Edge.Channels;
using MoMo.Edge.Channels.Sftp;
using MoMo.Tests.Support;

namespace MoMo.Tests.Channels;

/// <summary>Secrets that programs get through files: none outlives its use, nor the silo by much.</summary>
public sealed class SpoolFolderTests
{
    private static readonly UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    [Fact]
    public void A_program_that_can_not_be_started_leaves_no_secret_behind()
    {
        var key = $"a key of {nameof(A_program_that_can_not_be_started_leaves_no_secret_behind)}";
        var secrets = new Dictionary<string, string> { ["private_key"] = key, ["passphrase"] = key };
        var refused = Assert.Throws<ChannelException>(() => SshProcess.Start(
            new ServerSettings("127.0.0.1", 22, "u"), null, IPAddress.Loopback, secrets, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), "/nowhere/ssh"));
        Assert.Equal(ChannelTrouble.Machine, refused.Trouble);
        Assert.DoesNotContain(Directory.GetDirectories(Path.GetTempPath(), "momo-channel-*"), folder => Holds(folder, key));
    }

    [Fact]
    public void What_a_silo_left_behind_that_was_killed_is_swept_and_what_is_in_use_is_not()
    {
        using var place = new TestFolder();
        using var used = new SpoolFolder();
        var inUse = Path.Combine(place.Path, Path.GetFileName(used.Path));
        Directory.Move(used.Path, inUse);
        File.WriteAllText(Path.Combine(inUse, "key"), "in use");
        var left = Make("momo-channel-left", "key", "secret", "askpass", "lock");
        string[] kept =
        [
            inUse, Make("momo-channel-new"), Make("momo-channel-earlier", "key"), Make("others", "key", "lock"), Make("momo-channel-open", "key", "lock"),
        ];
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(kept[^1], Private | UnixFileMode.GroupRead);
            File.CreateSymbolicLink(Path.Combine(place.Path, "momo-channel-link"), kept[^2]);
        }

        SpoolFolder.Sweep(place.Path + Path.DirectorySeparatorChar);
        Assert.False(Directory.Exists(left));
        Assert.All(kept, folder => Assert.True(Directory.Exists(folder), folder));
        Assert.Equal("in use", File.ReadAllText(Path.Combine(inUse, "key")));
        Assert.True(File.Exists(Path.Combine(kept[^2], "key")));
        Directory.Move(inUse, used.Path);

        string Make(string name, params string[] files)
        {
            var folder = Directory.CreateDirectory(Path.Combine(place.Path, name));
            if (!OperatingSystem.IsWindows()) folder.UnixFileMode = Private;
            foreach (var file in files) File.WriteAllText(Path.Combine(folder.FullName, file), "Xq-");
            return folder.FullName;
        }
    }

    [Fact]
    public async Task A_silo_sweeps_when_it_starts()
    {
        var left = Directory.CreateTempSubdirectory("momo-channel-");
        await File.WriteAllTextAsync(Path.Combine(left.FullName, "secret"), "Xq-");
        await File.WriteAllTextAsync(Path.Combine(left.FullName, "lock"), "");
        await using var silo = await SiloHost.StartAsync();
        Assert.False(Directory.Exists(left.FullName));
    }

    private static bool Holds(string folder, string text)
    {
        try
        {
            return Directory.GetFiles(folder).Any(file => File.ReadAllText(file).Contains(text, StringComparison.Ordinal));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // of another test: gone or in use
        }
    }
}
