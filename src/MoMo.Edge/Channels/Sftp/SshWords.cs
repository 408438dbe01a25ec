using System.Text.RegularExpressions;
using MoMo.Domain.Channels;
using MoMo.Edge.Formats;

namespace MoMo.Edge.Channels.Sftp;

/// <summary>What OpenSSH's programs say, for people.</summary>
internal static partial class SshWords
{
    /// <summary>Characters of what the server may have said that are shown.</summary>
    private const int QuotedMax = 200;

    /// <summary>Whether the program that answers for the hub could not be run: a folder is mounted so that no program in it may be.</summary>
    public static bool IsAskMissing(IEnumerable<string> lines) => lines.Any(line => line.StartsWith("ssh_askpass: exec(", StringComparison.Ordinal));

    /// <summary>Why a connection ended.</summary>
    /// <param name="lines">The last that the program said.</param>
    /// <param name="cause">What ended it.</param>
    public static ChannelException Explain(IReadOnlyList<string> lines, Exception cause)
    {
        bool Says(string text) => lines.Any(line => line.Contains(text, StringComparison.OrdinalIgnoreCase));
        ChannelException Because(string message, ChannelTrouble trouble = ChannelTrouble.Connection) => new(message, cause) { Trouble = trouble };
        var key = lines.Select(line => HostKey().Match(line)).LastOrDefault(match => match.Success)?.Groups[1].Value;
        if (Says("Host key verification failed") || Says("No matching host key") || Says("host key is known"))
            return Because(
                key is null
                    ? "The server's host key is not the one of host_key."
                    : $"The server's host key is not the one of host_key: it is {key}. Compare that with the server's owner before you set it.",
                ChannelTrouble.Identity);
        // Before the refusal that follows from it: nobody asked for the secret.
        if (IsAskMissing(lines))
            return Because(
                "The hub can't run a program in its temporary folder, so ssh gets no password and no passphrase: mount the folder with exec, or set TMPDIR to another.",
                ChannelTrouble.Machine);
        // As well: without its key the hub had nothing to show.
        if (Says("Load key"))
            return Because("The private key can't be read: give it in OpenSSH's or PEM form, and its passphrase if it has one.", ChannelTrouble.Credentials);
        // The server would have taken it, but it stayed shut.
        if (Says("Server accepts key") && Says("read_passphrase") && !Says("partial success"))
            return Because("The private key can't be opened: its passphrase is wrong, or missing.", ChannelTrouble.Credentials);
        if (Says("Permission denied") || Says("Too many authentication failures"))
            return Because("The server does not let the hub in: the user, the password or the key is wrong.", ChannelTrouble.Login);
        if (Says("subsystem request failed")) return Because("The server lets the hub in, but offers no SFTP.");
        if (Says("no matching") || Says("Unable to negotiate")) return Because("The server and OpenSSH could not agree on algorithms: the server is too old.");
        if (Says("timed out")) return Because("The server does not answer.");
        var last = lines.LastOrDefault(line => !line.StartsWith("debug", StringComparison.Ordinal) && !line.StartsWith("Authenticated", StringComparison.Ordinal)
            && !line.StartsWith("OpenSSH", StringComparison.Ordinal) && !line.StartsWith("Transferred", StringComparison.Ordinal) && !line.StartsWith("Bytes", StringComparison.Ordinal));
        return Because(ForeignText.Clean(last, QuotedMax) is { } quoted ? $"The connection broke: {quoted}" : "The server broke the connection off.");
    }

    [GeneratedRegex(@"Server host key: \S+ (SHA256:\S+)")]
    private static partial Regex HostKey();
}
