namespace MoMo.Domain.Channels;

/// <summary>How a channel is worked on, whatever its kind.</summary>
/// <param name="Interval">Between two looks. From 5 seconds to 1 day; 1 minute by default.</param>
/// <param name="Quiet">How long an item must not have changed. From 0 to 1 hour; 10 seconds by default.</param>
/// <param name="TriesMax">How often one item is tried before it is set aside. From 1 to 100; 5 by default.</param>
/// <param name="SizeMax">Bytes of one file, packed and unpacked. From 1 to 2,047 MiB; 100 MiB by default.</param>
/// <param name="Unpack">Whether zip and gzip files are unpacked. Not by default.</param>
public sealed record ChannelRules(TimeSpan Interval, TimeSpan Quiet, int TriesMax, long SizeMax, bool Unpack);
