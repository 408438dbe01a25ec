using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MoMo.Edge.Channels;

/// <summary>
/// Whom TLS is spoken with. Without a pin the certificate must be for the host's name and signed by an authority that the machine trusts; with one it
/// must be that certificate and no other, whoever signed it.
/// </summary>
public sealed class ServerTls
{
    private readonly string? pin;
    private string? seen;
    private SslPolicyErrors faults;

    /// <summary>Expects a host, or a certificate.</summary>
    /// <param name="host">Its name.</param>
    /// <param name="pin">SHA-256 of the certificate, 64 hex digits, as <see cref="Normal"/> makes them; null for none.</param>
    public ServerTls(string host, string? pin)
    {
        this.pin = pin;
        Options = new SslClientAuthenticationOptions
        {
            TargetHost = host, RemoteCertificateValidationCallback = Check, AllowTlsResume = true, CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        };
    }

    /// <summary>For each connection to this server.</summary>
    public SslClientAuthenticationOptions Options { get; }

    /// <summary>A fingerprint as people write it (<c>AB:CD:…</c>, <c>sha256:abcd…</c>) as 64 small hex digits; null when it is none.</summary>
    public static string? Normal(string? text)
    {
        if (text is null) return null;
        var plain = text.Replace(":", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant();
        if (plain.StartsWith("sha256", StringComparison.Ordinal)) plain = plain["sha256".Length..];
        return plain.Length == 64 && plain.All(char.IsAsciiHexDigit) ? plain : null;
    }

    /// <summary>Why the last handshake failed, for people.</summary>
    public string Explain()
    {
        if (seen is null) return "The server and the hub could not agree on TLS.";
        if (pin is not null && pin != seen) return $"The server's certificate is not the one of tls_pin: its SHA-256 is {seen}.";
        var why = faults.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)
            ? "is for another name" : "is expired or not signed by an authority that this machine trusts";
        return $"The server's certificate {why}. If it is the right one, set tls_pin to its SHA-256, {seen}, after comparing that with the server's owner.";
    }

    private bool Check(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        faults = errors;
        seen = certificate is null ? null : Convert.ToHexStringLower(SHA256.HashData(certificate.GetRawCertData()));
        return pin is null ? errors == SslPolicyErrors.None : seen is not null
            && CryptographicOperations.FixedTimeEquals(Convert.FromHexString(pin), Convert.FromHexString(seen));
    }
}
