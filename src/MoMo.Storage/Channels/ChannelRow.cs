using MoMo.Domain.Channels;

namespace MoMo.Storage.Channels;

/// <summary>A channel as it is stored.</summary>
/// <param name="Adapter">The adapter.</param>
/// <param name="Kind">Such as <c>sftp</c>.</param>
/// <param name="Settings">A JSON object as text.</param>
/// <param name="SealedSecret">Null when it has none.</param>
/// <param name="Position">Where a poll has come to.</param>
/// <param name="Health">How it does.</param>
/// <param name="Tally">What came through it since it was made.</param>
/// <param name="Version">Rises with each change of its configuration.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="AsideAt">When something was set aside last.</param>
/// <param name="AcknowledgedAt">When somebody last said that what was set aside until then is seen to.</param>
public sealed record ChannelRow(
    string Adapter, string Kind, string Settings, string? SealedSecret, string? Position, ChannelHealth Health, ChannelTally Tally, long Version,
    DateTimeOffset CreatedAt, DateTimeOffset? AsideAt, DateTimeOffset? AcknowledgedAt)
{
    /// <summary>When something was set aside last that nobody has seen to yet; null when there is none.</summary>
    public DateTimeOffset? OpenAsideAt => AsideAt <= AcknowledgedAt ? null : AsideAt;

    /// <inheritdoc/>
    public override string ToString() => $"{Kind} channel of {Adapter}";
}
