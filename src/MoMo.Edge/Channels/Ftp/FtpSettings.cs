using System.Text.Json;
using MoMo.Edge.Channels.Folder;
using MoMo.Edge.Formats;
using MoMo.Engine;

namespace MoMo.Edge.Channels.Ftp;

/// <summary>A folder of an FTP server.</summary>
/// <param name="Server">Where it is.</param>
/// <param name="Tls"><c>tls</c>: <c>explicit</c> (default, port 21), <c>implicit</c> (port 990) or <c>none</c>, which shows the password to everybody on the way.</param>
/// <param name="Pin"><c>tls_pin</c>.</param>
/// <param name="Folder">Which files.</param>
internal sealed record FtpSettings(ServerSettings Server, string Tls, string? Pin, FolderSettings Folder)
{
    public static Outcome<FtpSettings> Parse(JsonElement settings)
    {
        var reader = new SettingsReader(settings);
        var tls = FolderSettings.Word(reader, "tls", "explicit", "implicit", "none");
        var read = new FtpSettings(ServerSettings.Read(reader, tls == "implicit" ? 990 : 21), tls, ServerSettings.Pin(reader), FolderSettings.Read(reader));
        reader.Close();
        return reader.Refused is { } refusal ? refusal : read;
    }
}
