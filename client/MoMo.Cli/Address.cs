using System.CommandLine;

namespace MoMo.Cli;

/// <summary>Where the hub is, and the key that opens it.</summary>
internal sealed record Address(Uri Url, string? Key)
{
    public const string UrlDefault = "http://127.0.0.1:8080";

    /// <summary>A key file is a line; a longer one is not a key file.</summary>
    private const int KeyFileSizeMax = 4_096;

    /// <exception cref="Complaint">The address is not one, or the key file can't be a key.</exception>
    public static Address Of(ParseResult parsed, GlobalOptions options, Terminal terminal)
    {
        var text = parsed.GetValue(options.Url) ?? terminal.Variable("MOMO_URL") ?? UrlDefault;
        if (!Uri.TryCreate(text.EndsWith('/') ? text : text + "/", UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            throw new Complaint($"'{text}' is not an address", $"Give --url like {UrlDefault}.", ExitCode.Misused);

        var key = parsed.GetValue(options.Key) ?? terminal.Variable("MOMO_KEY") ?? KeyOfFolder(parsed, options, terminal, url);
        return key is null || key.All(character => character is > ' ' and <= '~')
            ? new(url, key)
            : throw new Complaint(
                "the key has characters that no key has", "Check --key, MOMO_KEY or the file admin.key.", ExitCode.Misused);
    }

    private static string? KeyOfFolder(ParseResult parsed, GlobalOptions options, Terminal terminal, Uri url)
    {
        // The admin key of this machine's hub is not for a hub elsewhere, unless somebody says so.
        var given = parsed.GetValue(options.Data);
        if (given is null && !url.IsLoopback) return null;

        var file = new FileInfo(Path.Combine(given ?? terminal.Variable("MOMO_DATA") ?? "momo-data", "admin.key"));
        if (file is { Exists: true, Length: <= KeyFileSizeMax }) return File.ReadAllText(file.FullName).Trim();
        return given is null
            ? null
            : throw new Complaint($"there is no admin.key in {given}", "Give --data with the hub's data folder, or a key with --key.", ExitCode.Misused);
    }
}
