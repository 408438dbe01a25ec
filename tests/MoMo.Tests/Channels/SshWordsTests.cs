using MoMo.Domain.Channels;
using MoMo.Edge.Channels.Sftp;
using MoMo.Tests.Support;

namespace MoMo.Tests.Channels;

/// <summary>What OpenSSH says when it can't run the program that it asks for secrets.</summary>
public sealed class SshWordsTests
{
    [Theory]
    // A password, and the passphrase of a key: OpenSSH 9.2 with a /tmp that is mounted noexec.
    [InlineData("""
        debug1: Next authentication method: password
        debug1: read_passphrase: requested to askpass
        ssh_askpass: exec(/tmp/momo-channel-q/askpass): Permission denied
        debug1: No more authentication methods to try.
        u@server: Permission denied (publickey,password,keyboard-interactive).
        """)]
    [InlineData("""
        debug1: Server accepts key: /tmp/momo-channel-q/key ED25519 SHA256:zJL explicit
        debug1: read_passphrase: requested to askpass
        ssh_askpass: exec(/tmp/momo-channel-q/askpass): Permission denied
        Load key "/tmp/momo-channel-q/key": incorrect passphrase supplied to decrypt private key
        u@server: Permission denied (publickey,password,keyboard-interactive).
        """)]
    public void A_temporary_folder_where_nothing_can_be_run_is_not_taken_for_a_wrong_secret(string said)
    {
        var explained = SshWords.Explain(said.Split('\n'), new IOException());
        Assert.Equal(ChannelTrouble.Machine, explained.Trouble);
        Assert.Contains("TMPDIR", explained.Message, StringComparison.Ordinal);
        Assert.Equal(ChannelTrouble.Login, SshWords.Explain([.. said.Split('\n').Where(line => line.StartsWith("u@", StringComparison.Ordinal))], new IOException()).Trouble);
    }

    [Theory]
    [InlineData("a\0b\u202ec", "The connection broke: a b c")]
    [InlineData("\0", "The server broke the connection off.")]
    public void What_a_server_said_is_told_in_words_that_can_be_kept(string said, string told)
    {
        Assert.Equal(told, SshWords.Explain([said], new IOException()).Message);
        // A sign of two halves at the place of the cut is left out whole.
        Assert.EndsWith("y", SshWords.Explain([$"{new string('y', 199)}\U0001F642"], new IOException()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_what_is_said_the_last_lines_are_kept_and_of_a_line_its_beginning()
    {
        var speech = new SshSpeech();
        for (var line = 0; line < 300; line++) speech.Add($"{line}\r\n");
        speech.Add("be");
        speech.Add("gun");
        Assert.Equal([.. Enumerable.Range(100, 200).Select(line => $"{line}"), "begun"], speech.Lines);
        for (var more = 0; more < 100; more++) speech.Add(new string('x', 5_000));
        Assert.Equal((500, false), (speech.Lines[^1].Length, speech.IsTooMuch));
        for (var more = 0; more < 100; more++) speech.Add(new string('x', 5_000));
        Assert.Equal((500, true), (speech.Lines[^1].Length, speech.IsTooMuch));
    }

    [Fact]
    public async Task The_container_s_temporary_folder_lets_programs_be_run()
    {
        var compose = await File.ReadAllTextAsync(RepositoryFolder.Find("docker-compose.yml"));
        Assert.Matches(@"tmpfs: \[""/tmp:exec,mode=1777""\]", compose);
    }
}
