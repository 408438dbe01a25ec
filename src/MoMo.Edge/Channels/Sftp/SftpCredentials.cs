using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using MoMo.Engine;

namespace MoMo.Edge.Channels.Sftp;

/// <summary>What can be said of credentials for SFTP without asking the server.</summary>
internal static class SftpCredentials
{
    /// <summary>Keys that are looked at side by side: who protects a key well makes opening it dear.</summary>
    private const int AtOnceMax = 2;

    private static readonly TimeSpan OpenMax = TimeSpan.FromSeconds(10);
    private static readonly SemaphoreSlim Gate = new(AtOnceMax);

    /// <summary>Whether there is something to log in with.</summary>
    public static bool Has(IReadOnlyDictionary<string, string> credentials) =>
        !string.IsNullOrWhiteSpace(credentials.GetValueOrDefault("private_key")) || !string.IsNullOrEmpty(credentials.GetValueOrDefault("password"));

    /// <summary>
    /// What is wrong with them; null when nothing is, as far as can be known. A key is opened by OpenSSH's own program <c>ssh-keygen</c>, so what
    /// passes here is read later; where that program is missing, or may not ask for the passphrase, only the key's form is looked at.
    /// </summary>
    /// <exception cref="HubBusyException">Too many keys are being looked at.</exception>
    public static async Task<FieldFault?> FaultAsync(IReadOnlyDictionary<string, string> credentials, CancellationToken cancellation)
    {
        if (credentials.TryGetValue("private_key", out var key))
        {
            if (!key.TrimStart().StartsWith("-----BEGIN ", StringComparison.Ordinal) || !key.Contains("PRIVATE KEY-----", StringComparison.Ordinal))
                return Malformed("It is no private key: give it in OpenSSH's or PEM form, from its BEGIN line to its END line.");
            if (!await Gate.WaitAsync(OpenMax, cancellation)) throw new HubBusyException("Too many keys are being looked at.", OpenMax);
            try
            {
                return await OpenAsync(key, credentials.GetValueOrDefault("passphrase") ?? "", cancellation);
            }
            finally
            {
                Gate.Release();
            }
        }

        return Has(credentials)
            ? null
            : new FieldFault("credentials", "credentials-missing", "Give what logs in to the SFTP server: password, or private_key and its passphrase.");
    }

    private static async Task<FieldFault?> OpenAsync(string key, string passphrase, CancellationToken cancellation)
    {
        using var folder = new SpoolFolder();
        var start = new ProcessStartInfo("ssh-keygen") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["-y", "-f", SshSecrets.WriteKey(folder, key)]) start.ArgumentList.Add(argument);
        start.Environment["LC_ALL"] = "C";
        SshSecrets.WriteAnswer(folder, passphrase, start.Environment);
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            return null;
        }

        using (process)
        {
            using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            late.CancelAfter(OpenMax);
            try
            {
                process.StandardInput.Close();
                var (shown, said) = (process.StandardOutput.ReadToEndAsync(late.Token), process.StandardError.ReadToEndAsync(late.Token));
                await Task.WhenAll(shown, said, process.WaitForExitAsync(late.Token));
                if (process.ExitCode == 0) return null;
                // Nobody asked for the passphrase: nothing is known of it.
                if (SshWords.IsAskMissing((await said).Split('\n'))) return null;
                if (!(await said).Contains("incorrect passphrase", StringComparison.Ordinal))
                    return Malformed("OpenSSH can't read it: it is cut off, or of a kind that OpenSSH does not know.");
                return new FieldFault(
                    "credentials.passphrase", "passphrase-wrong", passphrase.Length > 0 ? "It does not open the private key." : "The private key has a passphrase: give it.");
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                return Malformed(string.Create(CultureInfo.InvariantCulture, $"It takes longer than {OpenMax.TotalSeconds:0} s to open: protect it with fewer rounds."));
            }
            finally
            {
                if (!process.HasExited) process.Kill(entireProcessTree: true);
            }
        }
    }

    private static FieldFault Malformed(string detail) => new("credentials.private_key", "key-malformed", detail);
}
