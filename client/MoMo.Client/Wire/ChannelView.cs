using System.Text.Json;

namespace MoMo.Client.Wire;

/// <summary>How an adapter's files or messages are fetched, and how that goes.</summary>
public sealed record ChannelView
{
    /// <summary>The adapter.</summary>
    public required string Adapter { get; init; }

    /// <summary><c>folder</c>, <c>sftp</c>, <c>ftp</c>, <c>imap</c> or <c>poll</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Settings of the kind.</summary>
    public required JsonElement Settings { get; init; }

    /// <summary>Whether it has secrets. They are never shown.</summary>
    public required bool HasSecret { get; init; }

    /// <summary><c>new</c>, <c>working</c> or <c>failing</c>.</summary>
    public required string State { get; init; }

    /// <summary>Why it fails.</summary>
    public string? Detail { get; init; }

    /// <summary>Looks in a row that failed.</summary>
    public int Failures { get; init; }

    /// <summary>The last look.</summary>
    public DateTimeOffset? LookedAt { get; init; }

    /// <summary>The last look that went well.</summary>
    public DateTimeOffset? WorkedAt { get; init; }

    /// <summary>Where a poll has come to; null for other kinds.</summary>
    public string? Position { get; init; }

    /// <summary>Files taken so far.</summary>
    public long Taken { get; init; }

    /// <summary>Items set aside so far, because they could not be used.</summary>
    public long SetAside { get; init; }

    /// <summary>Which was set aside last, and why.</summary>
    public string? AsideDetail { get; init; }

    /// <summary>When it was set aside.</summary>
    public DateTimeOffset? AsideAt { get; init; }

    /// <summary>When somebody last said that what was set aside until then is seen to.</summary>
    public DateTimeOffset? AcknowledgedAt { get; init; }

    /// <summary>Payments that nobody had told of before: callbacks had lost them, or come later.</summary>
    public long PaymentsNew { get; init; }

    /// <summary>Payments that were known already.</summary>
    public long PaymentsKnown { get; init; }

    /// <summary>When it was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Rises with each change of its configuration.</summary>
    public required long Version { get; init; }
}
