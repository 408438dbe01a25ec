using System.ComponentModel.DataAnnotations;

namespace MoMo.Edge.Webhooks;

/// <summary>How the hub calls the accounts' servers. Configuration section <c>MoMo:Webhooks</c>.</summary>
public sealed class WebhookOptions : IValidatableObject
{
    /// <summary>One attempt, from the wait for a connection to the end of the answer. From 0.05 to 60 seconds; 15 by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:01:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Name, connection and TLS handshake together. From 0.05 to 30 seconds; 5 by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:00:30")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Connections to one host and port at most; further requests wait for one. From 1 to 10,000; 1,000 by default: far more than the lanes of one
    /// account use, because several accounts may live on one host, and none may wait for another's.
    /// </summary>
    [Range(1, 10_000)]
    public int ConnectionsPerHostMax { get; set; } = 1_000;

    /// <summary>
    /// How long a connection is used before its host's name is resolved and judged again. From 0 (each request has its own) to 1 hour;
    /// 2 minutes by default.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan ConnectionLifetime { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Whether only <c>https</c> URLs are taken and called, those of polled web APIs as well. By default they are, unless the silo runs in the
    /// environment <c>Development</c>.
    /// </summary>
    public bool? RequireHttps { get; set; }

    /// <summary>
    /// Networks in CIDR form that may be called although <see cref="AddressGuard"/> would refuse them, such as <c>10.20.0.0/16</c>.
    /// None by default, 100 at most. Whoever can set a URL can then reach every machine in them.
    /// </summary>
    public IList<string> AllowedNetworks { get; } = [];

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => AllowedPlaces.NetworkFaults(AllowedNetworks);
}
