namespace MoMo.Domain.Channels;

/// <summary>A file out of an item.</summary>
/// <param name="Name">As the sender called it.</param>
/// <param name="Bytes">Read once, forward. Throws when it breaks off before its end, so that no part of a file passes for the whole.</param>
public sealed record ChannelFile(string Name, Stream Bytes);
