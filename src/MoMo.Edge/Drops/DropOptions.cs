using System.ComponentModel.DataAnnotations;

namespace MoMo.Edge.Drops;

/// <summary>How the hub hands over files. Configuration section <c>MoMo:Files</c>.</summary>
public sealed class DropOptions : IValidatableObject
{
    /// <summary>Name and connection together. From 0.1 to 60 seconds; 10 by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long an SFTP server may be silent. From 0.1 second to 5 minutes; 30 seconds by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan SilenceMax { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>One file, from the connection to its name. From 0.1 second to 10 minutes; 2 minutes by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Files that one silo uploads at once, each by a program of its own; others wait for their turn, which does not count as their time. From 1 to 1,000; 16
    /// by default.
    /// </summary>
    [Range(1, 1_000)]
    public int UploadsMax { get; set; } = 16;

    /// <summary>Networks in CIDR form that files may be uploaded to although they are private, such as <c>10.20.0.0/16</c>. None by default, 100 at most.</summary>
    public IList<string> AllowedNetworks { get; } = [];

    /// <summary>
    /// Folders that files may be written to: each account in its own, which has the account's id, with all below. By default <c>outbox</c> in the data
    /// folder; 100 at most. A relative path of a destination is in the first of them.
    /// </summary>
    public IList<string> AllowedFolders { get; } = [];

    /// <summary>
    /// In the names of files that are not whole yet: two silos that write the same file at once must not write into one another's. Null, as it is outside
    /// of tests, for one that nobody can tell beforehand.
    /// </summary>
    internal string? PartMark { get; init; }

    /// <summary>Puts the names in a folder on the disk; null outside of tests, which have disks that hang.</summary>
    internal Action<string>? Sync { get; init; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        [.. AllowedPlaces.NetworkFaults(AllowedNetworks), .. AllowedPlaces.FolderFaults(AllowedFolders)];
}
