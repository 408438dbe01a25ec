using System.Text.Json;
using System.Text.RegularExpressions;
using MoMo.Edge.Channels.Folder;
using MoMo.Edge.Formats;
using MoMo.Engine;

namespace MoMo.Edge.Channels.Sftp;

/// <summary>A folder of an SFTP server.</summary>
/// <param name="Server">Where it is.</param>
/// <param name="HostKey"><c>host_key</c>: the fingerprint of its key, <c>SHA256:…</c>. Without it the server is not trusted, and a test tells what it showed.</param>
/// <param name="Folder">Which files.</param>
internal sealed partial record SftpSettings(ServerSettings Server, string? HostKey, FolderSettings Folder)
{
    public static Outcome<SftpSettings> Parse(JsonElement settings)
    {
        var reader = new SettingsReader(settings);
        var read = new SftpSettings(ServerSettings.Read(reader, 22), reader.Text("host_key"), FolderSettings.Read(reader));
        if (read.HostKey is { } key && !Fingerprint().IsMatch(key))
            reader.Fault("host_key", "setting-malformed", "Give the fingerprint as ssh-keygen -l shows it: SHA256: and 43 characters.");
        reader.Close();
        return reader.Refused is { } refusal ? refusal : read;
    }

    [GeneratedRegex("^SHA256:[A-Za-z0-9+/]{43}$")]
    private static partial Regex Fingerprint();
}
