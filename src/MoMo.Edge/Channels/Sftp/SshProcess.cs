using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using MoMo.Domain.Channels;

namespace MoMo.Edge.Channels.Sftp;

/// <summary>
/// OpenSSH's program as the way to a server's SFTP subsystem: its input and output are the connection. It reads no configuration of its own, trusts
/// the one host key that was configured, and gets its secrets through files in a folder that only the hub's user may look into.
/// </summary>
internal sealed class SshProcess : IAsyncDisposable
{
    private static readonly TimeSpan EndMax = TimeSpan.FromSeconds(2);

    /// <summary>Prints the server's key as a known one if its fingerprint is the one that is expected: %f, and then %H %t %K.</summary>
    private static string KnowKey(string fingerprint) =>
        $"""KnownHostsCommand=/bin/sh -c 'if [ "$1" = "$2" ]; then echo "$3 $4 $5"; fi' sh {fingerprint} %f %H %t %K""";

    private readonly SpoolFolder folder;
    private readonly SshSpeech speech = new();
    private readonly Process process;
    private readonly Task hearing;

    private SshProcess(
        string program, SpoolFolder folder, ServerSettings server, string? hostKey, IPAddress address, IReadOnlyDictionary<string, string> secrets,
        TimeSpan connectTimeout, TimeSpan silenceMax)
    {
        this.folder = folder;
        var start = new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in Arguments(server, hostKey, address, secrets, connectTimeout, silenceMax)) start.ArgumentList.Add(argument);
        start.Environment.Remove("SSH_AUTH_SOCK");
        start.Environment["LC_ALL"] = "C";
        if (secrets.TryGetValue(secrets.ContainsKey("private_key") ? "passphrase" : "password", out var secret))
            SshSecrets.WriteAnswer(folder, secret, start.Environment);

        process = Process.Start(start)!;
        hearing = HearAsync();
    }

    public Stream Input => process.StandardInput.BaseStream;

    public Stream Output => process.StandardOutput.BaseStream;

    /// <exception cref="ChannelException">The program is missing.</exception>
    public static SshProcess Start(
        ServerSettings server, string? hostKey, IPAddress address, IReadOnlyDictionary<string, string> secrets, TimeSpan connectTimeout, TimeSpan silenceMax,
        string program = "ssh")
    {
        var folder = new SpoolFolder();
        try
        {
            return new SshProcess(program, folder, server, hostKey, address, secrets, connectTimeout, silenceMax);
        }
        catch (Exception e)
        {
            folder.Dispose(); // with the secrets that are in it already
            if (e is not Win32Exception) throw;
            throw new ChannelException("OpenSSH's program ssh is missing where the hub runs: install the package openssh-client.", e) { Trouble = ChannelTrouble.Machine };
        }
    }

    /// <summary>Why the connection ended, from what the program said.</summary>
    public async Task<ChannelException> ExplainAsync(Exception cause)
    {
        await Task.WhenAny(hearing, Task.Delay(EndMax));
        return SshWords.Explain(speech.Lines, cause);
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await EndAsync();
        }
        finally
        {
            folder.Dispose();
        }
    }

    private async Task EndAsync()
    {
        try
        {
            process.StandardInput.Close();
            await process.WaitForExitAsync().WaitAsync(EndMax);
        }
        catch (Exception e) when (e is IOException or TimeoutException)
        {
            process.Kill(entireProcessTree: true);
        }

        await Task.WhenAny(hearing, Task.Delay(EndMax));
        process.Dispose();
    }

    private IEnumerable<string> Arguments(
        ServerSettings server, string? hostKey, IPAddress address, IReadOnlyDictionary<string, string> secrets, TimeSpan connectTimeout, TimeSpan silenceMax)
    {
        string[] options =
        [
            "StrictHostKeyChecking=yes", "UserKnownHostsFile=/dev/null", "GlobalKnownHostsFile=/dev/null", "CheckHostIP=no", "UpdateHostKeys=no",
            "VerifyHostKeyDNS=no", "HostKeyAlias=server", $"HostName={address}", "IdentityAgent=none", "IdentitiesOnly=yes",
            "ClearAllForwardings=yes", "ForwardAgent=no", "PermitLocalCommand=no", "ControlMaster=no", "ControlPath=none", "GSSAPIAuthentication=no",
            "NumberOfPasswordPrompts=1", "LogLevel=DEBUG1", "ServerAliveCountMax=2",
            string.Create(CultureInfo.InvariantCulture, $"ServerAliveInterval={Math.Max(1, (int)silenceMax.TotalSeconds / 2)}"),
            string.Create(CultureInfo.InvariantCulture, $"ConnectTimeout={Math.Max(1, (int)connectTimeout.TotalSeconds)}"),
            // Without a fingerprint nothing is known, and the failure tells what the server showed.
            KnowKey(hostKey ?? "none"),
        ];
        foreach (var option in options)
        {
            yield return "-o";
            yield return option;
        }

        yield return "-o";
        if (secrets.TryGetValue("private_key", out var key))
        {
            yield return "PreferredAuthentications=publickey";
            yield return "-i";
            yield return SshSecrets.WriteKey(folder, key);
        }
        else
        {
            yield return "PreferredAuthentications=password,keyboard-interactive";
        }

        foreach (var argument in (string[])["-F", "none", "-T", "-p", server.Port.ToString(CultureInfo.InvariantCulture), "-l", server.User, "-s", "--", "server", "sftp"])
            yield return argument;
    }

    /// <summary>
    /// Hears what the program says, and through it the server: what a server writes to its own error stream, of any length and without ever ending a line,
    /// comes out here.
    /// </summary>
    private async Task HearAsync()
    {
        var piece = new char[4_096];
        int read;
        while ((read = await process.StandardError.ReadAsync(piece)) > 0)
        {
            speech.Add(piece.AsSpan(0, read));
            if (speech.IsTooMuch) break;
        }

        if (read > 0) process.Kill(entireProcessTree: true); // no server has so much to say; who asks it something finds the connection broken
    }
}
