using System.ComponentModel.DataAnnotations;
using System.Net;

namespace MoMo.Edge.Mail;

/// <summary>The mail server that the hub sends through. Configuration section <c>MoMo:Mail</c>. Without a host there are no e-mail destinations.</summary>
public sealed class MailOptions : IValidatableObject
{
    /// <summary>The server's name or address; none by default.</summary>
    public string? Host { get; set; }

    /// <summary>Its port. From 1 to 65535; by default 587, with <c>implicit</c> 465, with <c>none</c> 25.</summary>
    [Range(1, 65_535)]
    public int? Port { get; set; }

    /// <summary>
    /// <c>starttls</c> (default), <c>implicit</c>, or <c>none</c>: in the clear, only to <see cref="AllowedNetworks"/>. With <c>starttls</c> a server
    /// that does not offer it gets nothing.
    /// </summary>
    public string Tls { get; set; } = "starttls";

    /// <summary>SHA-256 of the server's certificate, 64 hex digits, when no authority that this machine trusts signed it.</summary>
    public string? TlsPin { get; set; }

    /// <summary>Who logs in; nobody by default.</summary>
    public string? User { get; set; }

    /// <summary>The password, better given as environment variable <c>MoMo__Mail__Password</c> or as <see cref="PasswordFile"/>.</summary>
    public string? Password { get; set; }

    /// <summary>A file with the password; its last line end does not count. Read for each message, so it may be changed at any time.</summary>
    public string? PasswordFile { get; set; }

    /// <summary>The sender's address, such as <c>payments@hub.example</c>. Needed with a host.</summary>
    public string? From { get; set; }

    /// <summary>The sender's name, at most 100 characters; <c>MoMo</c> by default.</summary>
    [StringLength(100)]
    public string FromName { get; set; } = "MoMo";

    /// <summary>Name, connection and TLS handshake together. From 0.1 to 60 seconds; 10 by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the server may be silent until it has the whole message. From 0.1 second to 5 minutes; 30 seconds by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan SilenceMax { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// One message, from the connection to the server's word that it has it. From 0.1 second to 1 hour; 12 minutes by default: a server that has the whole
    /// message may look through it for 10 minutes, and who does not wait for its word sends the message again.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(12);

    /// <summary>
    /// Connections that one silo has to the server at once, each for one message, an account a quarter of them; others wait for their turn, which does not
    /// count as their time. From 1 to 1,000; 16 by default.
    /// </summary>
    [Range(1, 1_000)]
    public int ConnectionsMax { get; set; } = 16;

    /// <summary>Networks in CIDR form in which the server may be spoken to in the clear, such as <c>127.0.0.0/8</c>. None by default, 100 at most.</summary>
    public IList<string> AllowedNetworks { get; } = [];

    /// <summary>The port that is used.</summary>
    internal int PortUsed => Port ?? Tls switch { "implicit" => 465, "none" => 25, _ => 587 };

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Tls is not ("starttls" or "implicit" or "none")) yield return new("Tls is starttls, implicit or none.", [nameof(Tls)]);
        foreach (var fault in AllowedPlaces.NetworkFaults(AllowedNetworks)) yield return fault;
        if (TlsPin is not null && Channels.ServerTls.Normal(TlsPin) is null) yield return new("TlsPin is a SHA-256: 64 hex digits.", [nameof(TlsPin)]);
        if (Password is not null && PasswordFile is not null) yield return new("Give Password or PasswordFile, not both.", [nameof(PasswordFile)]);
        if (Host is null) yield break;
        if (Uri.CheckHostName(Host) == UriHostNameType.Unknown) yield return new("Host is a name or an address, without a port.", [nameof(Host)]);
        if (MailAddress.Find(From) is null) yield return new("From is the sender's address, such as payments@hub.example.", [nameof(From)]);
    }
}
