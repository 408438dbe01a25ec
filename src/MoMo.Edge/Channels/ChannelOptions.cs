using System.ComponentModel.DataAnnotations;

namespace MoMo.Edge.Channels;

/// <summary>How the hub fetches files and messages. Configuration section <c>MoMo:Channels</c>.</summary>
public sealed class ChannelOptions : IValidatableObject
{
    /// <summary>Name, connection and TLS handshake together. From 0.1 to 60 seconds; 10 by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a server may be silent while the hub waits for it. From 0.1 second to 10 minutes; 30 seconds by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan SilenceMax { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// One answer of a polled API, from the question to its last byte, however steadily it comes. From 0.1 second to 1 hour; 2 minutes by default.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan AnswerTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// After this time, from when it knows what there is, a look begins nothing more, and a polled API is asked for no further page; the next look goes on
    /// where it ended. A stretch of a polled API is all or nothing, so it fails then: the default is long, 3.6 seconds for each of a thousand pages. From 1
    /// second to 1 day; 1 hour by default.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan LookTimeout { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Channels that one silo looks at side by side. From 1 to 64; 4 by default.</summary>
    [Range(1, 64)]
    public int LooksMax { get; set; } = 4;

    /// <summary>
    /// Networks in CIDR form that channels may connect to although they are private, such as <c>10.20.0.0/16</c>. None by default, 100 at most.
    /// </summary>
    public IList<string> AllowedNetworks { get; } = [];

    /// <summary>
    /// Folders that channels of kind <c>folder</c> may watch, with all below. By default <c>inbox</c> in the data folder; 100 at most.
    /// A relative path of a channel is below the first of them.
    /// </summary>
    public IList<string> AllowedFolders { get; } = [];

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        [.. AllowedPlaces.NetworkFaults(AllowedNetworks), .. AllowedPlaces.FolderFaults(AllowedFolders)];
}
