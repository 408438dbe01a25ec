namespace MoMo.Domain.Channels;

/// <summary>Something that lies in a channel.</summary>
/// <param name="Name">For people, and for the channel to find it again.</param>
/// <param name="Identity">
/// Tells it from everything else that ever lay there, also from itself before it changed: name, size and time of change, or a mailbox's own number.
/// Null when it need not be remembered, because the channel's position does.
/// </param>
/// <param name="Size">Bytes, when the channel tells.</param>
/// <param name="ChangedAt">When it was changed last, when the channel tells.</param>
/// <param name="IsWhole">Whether it is known to be written to its end; if not, it is taken once it has not changed for a while.</param>
public sealed record ChannelItem(string Name, string? Identity, long? Size, DateTimeOffset? ChangedAt, bool IsWhole)
{
    /// <summary>Whether the identity tells all that it should. If not, what has it is fetched again whenever it is listed.</summary>
    public bool IsCertain { get; init; } = true;
}
