using System.Text.Json;
using System.Text.RegularExpressions;
using MoMo.Domain.Deliveries;
using MoMo.Edge.Channels;
using MoMo.Edge.Formats;
using MoMo.Engine;

namespace MoMo.Edge.Drops;

/// <summary>Settings of a destination that gets files.</summary>
/// <param name="Format"><c>format</c>: <c>ndjson</c> (default) or <c>csv</c>.</param>
/// <param name="Path"><c>path</c>: the folder; the account's own, or where one lands after the login, by default.</param>
/// <param name="Prefix"><c>prefix</c>: what the files' names begin with; <c>payments-</c> by default.</param>
/// <param name="Batch"><c>batch</c>: how many and how long are gathered in a file; 1,000 and 60 seconds by default.</param>
/// <param name="Server"><c>host</c>, <c>port</c>, <c>user</c>: an SFTP server; null for a folder where the hub runs.</param>
/// <param name="HostKey"><c>host_key</c>: the fingerprint of the server's key; needed with a host.</param>
internal sealed partial record DropSettings(string Format, string Path, string Prefix, BatchRule Batch, ServerSettings? Server, string? HostKey)
{
    private static readonly BatchRule Usual = new(BatchRule.BatchMax, TimeSpan.FromSeconds(60));

    public static Outcome<DropSettings> Read(JsonElement settings)
    {
        var reader = new SettingsReader(settings);
        var server = reader.Value("host") is null ? null : ServerSettings.Read(reader, 22);
        var read = new DropSettings(
            reader.Choice("format", "ndjson", "csv"), reader.Text("path") ?? ".", reader.Text("prefix") ?? "payments-",
            BatchSettings.Read(reader, BatchRule.BatchMax, Usual), server, server is null ? null : reader.Text("host_key"));
        if (read.Path.Any(char.IsControl)) reader.Fault("path", "setting-malformed", "Control characters can't be used.");
        if (!Name().IsMatch(read.Prefix)) reader.Fault("prefix", "setting-malformed", "Give 1 to 60 of letters, digits, '_' and '-', the first a letter or digit.");
        if (server is not null && read.HostKey is null)
            reader.Fault("host_key", "setting-missing", "Give the fingerprint of the server's key as ssh-keygen -l shows it, so that nobody else gets the files.");
        else if (read.HostKey is { } key && !Fingerprint().IsMatch(key))
            reader.Fault("host_key", "setting-malformed", "Give the fingerprint as ssh-keygen -l shows it: SHA256: and 43 characters.");
        reader.Close();
        return reader.Refused is { } refusal ? refusal : read;
    }

    [GeneratedRegex("^SHA256:[A-Za-z0-9+/]{43}$")]
    private static partial Regex Fingerprint();

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9_-]{0,59}\z")]
    private static partial Regex Name();
}
