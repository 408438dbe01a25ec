using MoMo.Domain;
using MoMo.Edge.Formats;

namespace MoMo.Edge.Channels;

/// <summary>Where a server is and who logs in.</summary>
/// <param name="Host"><c>host</c>.</param>
/// <param name="Port"><c>port</c>.</param>
/// <param name="User"><c>user</c>.</param>
internal sealed record ServerSettings(string Host, int Port, string User)
{
    public static ServerSettings Read(SettingsReader settings, int port)
    {
        var read = new ServerSettings(settings.Text("host") ?? "", settings.Number("port", 1, 65_535, port), settings.Text("user") ?? "");
        if (read.Host.Length == 0) settings.Fault("host", "setting-missing", "Give the server's name or address.");
        else if (Uri.CheckHostName(read.Host) == UriHostNameType.Unknown) settings.Fault("host", "setting-malformed", "Give a name or an address, without a port.");
        if (read.User.Length == 0) settings.Fault("user", "setting-missing", "Give the user to log in as.");
        else if (read.User[0] == '-' || read.User.Any(char.IsControl)) settings.Fault("user", "setting-malformed", "A user begins with no hyphen and has no control characters.");
        return read;
    }

    /// <summary>What is sent to it: whichever of these secrets there are.</summary>
    /// <param name="scheme">How it is spoken to.</param>
    /// <param name="secrets">The names of the secrets.</param>
    public IReadOnlyList<SentCredential> Sends(string scheme, IReadOnlyList<string> secrets) =>
        [.. secrets.Select(name => new SentCredential(name, "host", SentCredential.ServerOf(scheme, Host, Port)))];

    /// <summary>The setting <c>tls_pin</c>.</summary>
    public static string? Pin(SettingsReader settings)
    {
        if (settings.Text("tls_pin") is not { } text) return null;
        if (ServerTls.Normal(text) is { } pin) return pin;
        settings.Fault("tls_pin", "setting-malformed", "Give the SHA-256 of the certificate: 64 hex digits, colons allowed.");
        return null;
    }
}
