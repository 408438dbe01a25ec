namespace MoMo.Domain.Channels;

/// <summary>A channel that can be asked again for a stretch of time.</summary>
public interface IWindowedChannel : IChannel
{
    /// <summary>The longest stretch to ask for at once.</summary>
    TimeSpan WindowMax { get; }

    /// <summary>All that happened in a stretch of time.</summary>
    /// <exception cref="ChannelException">The channel broke, or can't be asked by time.</exception>
    IAsyncEnumerable<ChannelFile> ReadAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation);
}
