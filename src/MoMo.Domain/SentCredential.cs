using System.Globalization;
using System.Net;
using System.Net.Sockets;
using MoMo.Engine;

namespace MoMo.Domain;

/// <summary>
/// A credential, and a server that a configuration sends it to. A stored one is sent only where it was sent before: whoever may change a configuration
/// can't read its secrets, and must not have them sent to a server of his own instead.
/// </summary>
/// <param name="Name">The credential, such as <c>password</c>.</param>
/// <param name="Setting">The setting that names the server, such as <c>token_url</c>.</param>
/// <param name="Server">Scheme, host and port, such as <c>https://api.psp.example</c>.</param>
public sealed record SentCredential(string Name, string Setting, string Server)
{
    /// <summary>The code of the refusal.</summary>
    public const string Moved = "credential-moved";

    /// <summary>Scheme, host and port that a URL leads to, such as <c>https://api.psp.example</c>; null when it leads to no server.</summary>
    public static string? ServerOf(string? url) => !Uri.TryCreate(url, UriKind.Absolute, out var read) || read.Host.Length == 0 ? null
        : string.Create(CultureInfo.InvariantCulture, $"{read.Scheme}://{Connected(read)}{(read.IsDefaultPort ? "" : $":{read.Port}")}");

    /// <summary>The same of a server that is given by its parts.</summary>
    /// <param name="scheme">How it is spoken to; one with TLS is another than one without.</param>
    /// <param name="host">A name or an address.</param>
    /// <param name="port">From 1 to 65,535.</param>
    /// <remarks>Whatever the host is, it is some server: a secret that nobody can tell the way of must not go unnoticed.</remarks>
    public static string ServerOf(string scheme, string host, int port)
    {
        ArgumentNullException.ThrowIfNull(host);
        // An address may be written in many ways; of link-local ones, the network belongs to it.
        var same = !IPAddress.TryParse(host, out var address) ? host.ToLowerInvariant()
            : address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();
        return string.Create(CultureInfo.InvariantCulture, $"{scheme}://{same}:{port}");
    }

    /// <summary>Those that would go to a server that their credential did not go to before.</summary>
    /// <param name="before">What the configuration of before sends where.</param>
    /// <param name="after">What the new one does.</param>
    public static IReadOnlyList<SentCredential> NewIn(IReadOnlyList<SentCredential> before, IReadOnlyList<SentCredential> after) =>
        [.. after.Where(one => !before.Any(was => was.Name == one.Name && was.Server == one.Server))];

    /// <summary>Why credentials that are kept together can't stay as they are; null when they can.</summary>
    /// <param name="field">The field that they are given in, such as <c>secret</c>.</param>
    /// <param name="before">What the configuration of before sends where.</param>
    /// <param name="after">What the new one does.</param>
    public static Refusal? Check(string field, IReadOnlyList<SentCredential> before, IReadOnlyList<SentCredential> after) =>
        NewIn(before, after) is { Count: > 0 } moved ? Refusal.Of(field, Moved, Explain(moved)) : null;

    /// <summary>Why a credential must be given again, for people.</summary>
    /// <param name="moved">Where it would go; one at least.</param>
    public static string Explain(IReadOnlyList<SentCredential> moved)
    {
        ArgumentNullException.ThrowIfNull(moved);
        var places = moved.Select(one => $"{one.Setting} leads to {one.Server}").Distinct();
        return $"What is stored was not given for this server: {string.Join("; ", places)}. Give it again in the same change.";
    }

    /// <summary>The host as it is connected to: a name in ASCII however it is spelled, an address with its network.</summary>
    private static string Connected(Uri url)
    {
        try
        {
            return url.HostNameType == UriHostNameType.IPv6 ? $"[{url.IdnHost}]" : url.IdnHost;
        }
        catch (UriFormatException)
        {
            return url.Host; // no name that there could be, but another one than before
        }
    }
}
