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

    [Fact]
    public async Task The_container_s_temporary_folder_lets_programs_be_run()
    {
        var compose = await File.ReadAllTextAsync(RepositoryFolder.Find("docker-compose.yml"));
        Assert.Matches(@"tmpfs: \[""/tmp:exec,mode=1777""\]", compose);
    }
}
