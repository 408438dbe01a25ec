using MoMo.Engine;

namespace MoMo.Edge.Webhooks;

/// <summary>
/// Checks the form of a URL that the hub is asked to call. Where it leads is judged when it is called, on the address that is connected to
/// (<see cref="AddressGuard"/>): a name may point somewhere else by then.
/// </summary>
public static class DestinationUrl
{
    /// <summary>Characters in a URL at most.</summary>
    public const int LengthMax = 2_000;

    private const string Field = "url";

    /// <summary>Reads a URL.</summary>
    /// <param name="text">What the account wrote.</param>
    /// <param name="requireHttps">Whether plain HTTP is refused: <see cref="WebhookOptions.RequireHttps"/>.</param>
    /// <returns>
    /// The URL, or a refusal for the field <c>url</c>: <c>url-malformed</c>, <c>url-too-long</c>, <c>url-scheme</c>, <c>url-not-https</c>,
    /// <c>url-userinfo</c>, <c>url-fragment</c>, <c>url-host</c> or <c>url-port</c>, the first that applies.
    /// </returns>
    public static Outcome<Uri> Check(string? text, bool requireHttps = false)
    {
        if (string.IsNullOrEmpty(text)) return Refuse("url-malformed", "Give an absolute http or https URL.");
        if (text.Length > LengthMax) return Refuse("url-too-long", $"A URL has at most {LengthMax} characters.");
        if (text.Any(IsAmbiguous) || !Uri.TryCreate(text, UriKind.Absolute, out var url))
            return Refuse("url-malformed", "Give an absolute http or https URL, without spaces, control characters and backslashes.");
        if (SchemeFault(url, requireHttps) is { } fault) return fault;
        if (Authority(text).Contains('@'))
            return Refuse("url-userinfo", "A URL must not carry a user name or password; deliveries are signed instead.");
        if (text.Contains('#', StringComparison.Ordinal))
            return Refuse("url-fragment", "A URL must not have a fragment (#…), for it is never sent.");
        if (url.AbsoluteUri.Length > LengthMax) return Refuse("url-too-long", $"A URL has at most {LengthMax} characters, once it is escaped.");
        if (!IsHost(url)) return Refuse("url-host", "The URL's host is not a name or an address.");
        if (url.Port is < 1 or > 65_535) return Refuse("url-port", "A port is from 1 to 65535.");
        return url;
    }

    /// <summary>What is wrong with a URL's scheme; null when it may be called.</summary>
    internal static Refusal? SchemeFault(Uri url, bool requireHttps)
    {
        if (!url.IsAbsoluteUri || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps))
            return Refuse("url-scheme", "Only http and https URLs can be called.");
        return requireHttps && url.Scheme != Uri.UriSchemeHttps ? Refuse("url-not-https", "This hub only calls https URLs.") : null;
    }

    // Programs disagree about what such characters mean, which is how one URL comes to lead to two places.
    private static bool IsAmbiguous(char letter) => char.IsWhiteSpace(letter) || char.IsControl(letter) || letter == '\\';

    private static bool IsHost(Uri url)
    {
        try
        {
            return url.HostNameType is UriHostNameType.Dns or UriHostNameType.IPv4 or UriHostNameType.IPv6
                && url.IdnHost.Length > 0
                && !url.IdnHost.Contains('%', StringComparison.Ordinal);
        }
        catch (UriFormatException)
        {
            return false; // letters that no name may have are found only when it is put into ASCII
        }
    }

    private static ReadOnlySpan<char> Authority(string text)
    {
        var rest = text.AsSpan(text.IndexOf("//", StringComparison.Ordinal) + 2);
        var end = rest.IndexOfAny('/', '?', '#');
        return end < 0 ? rest : rest[..end];
    }

    private static Refusal Refuse(string code, string detail) => Refusal.Of(Field, code, detail);
}
