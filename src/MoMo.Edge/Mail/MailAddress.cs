using System.Buffers;
using System.Globalization;

namespace MoMo.Edge.Mail;

/// <summary>
/// An address as RFC 5321 lets every server take it: a dot-string of ASCII, at most 64 characters, and a domain, which is put into ASCII. Quoted local
/// parts, comments and address literals are refused.
/// </summary>
/// <param name="Local">What stands before the @.</param>
/// <param name="Domain">In ASCII and lower case.</param>
internal sealed record MailAddress(string Local, string Domain)
{
    private const int LocalMax = 64;
    private const int LengthMax = 254;
    private static readonly SearchValues<char> Letters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-/=?^_`{|}~.");

    /// <summary>The address; null when it is none.</summary>
    public static MailAddress? Find(string? text)
    {
        var at = text?.IndexOf('@', StringComparison.Ordinal) ?? -1;
        if (text is null || at is < 1 or > LocalMax) return null;
        var local = text[..at];
        if (local.AsSpan().ContainsAnyExcept(Letters) || local[0] == '.' || local[^1] == '.' || local.Contains("..", StringComparison.Ordinal)) return null;
        string domain;
        try
        {
            domain = new IdnMapping { UseStd3AsciiRules = true }.GetAscii(text[(at + 1)..]).ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            return null;
        }

        return domain.Contains('.', StringComparison.Ordinal) && !domain.EndsWith('.') && local.Length + 1 + domain.Length <= LengthMax
            && !System.Net.IPAddress.TryParse(domain, out _)
            ? new MailAddress(local, domain)
            : null;
    }

    /// <summary>As a <c>mailto:</c> URL.</summary>
    public Uri ToUri() => new($"mailto:{Uri.EscapeDataString(Local)}@{Domain}");

    /// <inheritdoc/>
    public override string ToString() => $"{Local}@{Domain}";
}
