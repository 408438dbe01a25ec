using System.Net;
using MoMo.Domain.Channels;
using MoMo.Edge.Channels;
using MoMo.Edge.Channels.Sftp;
using MoMo.Tests.Support;

namespace MoMo.Tests.Channels;

/// <summary>What the program <c>ssh</c> does to whoever runs it: a server may make it say anything.</summary>
public sealed class SshProcessTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Who_talks_without_end_is_ended_and_only_his_first_words_are_told()
    {
        using var place = new TestFolder();
        var program = Path.Combine(place.Path, "ssh");
        // 30 MB of one line, and then nothing more.
        await File.WriteAllTextAsync(program, "#!/bin/sh\nhead -c 30000000 /dev/zero | tr '\\0' x >&2\nexec sleep 600\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        await using var ssh = SshProcess.Start(
            new ServerSettings("127.0.0.1", 22, "u"), null, IPAddress.Loopback, new Dictionary<string, string> { ["password"] = "p" }, Patience, Patience, program);
        Assert.Equal(0, await ssh.Output.ReadAsync(new byte[1]).AsTask().WaitAsync(Patience));
        Assert.Equal($"The connection broke: {new string('x', 200)}", (await ssh.ExplainAsync(new IOException())).Message);
    }
}
