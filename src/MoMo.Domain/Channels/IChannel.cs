namespace MoMo.Domain.Channels;

/// <summary>An open channel: where a PSP leaves statement files or messages. Used by one look at a time, then closed.</summary>
public interface IChannel : IAsyncDisposable
{
    /// <summary>How it is worked on.</summary>
    ChannelRules Rules { get; }

    /// <summary>What the channel wants to be told when it is opened next, once all that was listed is settled; null for nothing.</summary>
    string? Position { get; }

    /// <summary>What is there, the oldest first.</summary>
    /// <param name="max">Items at most; the rest is listed when these are gone.</param>
    /// <param name="cancellation">Ends the listing.</param>
    /// <exception cref="ChannelException">The server can't be reached, or does not let the hub in.</exception>
    Task<IReadOnlyList<ChannelItem>> ListAsync(int max, CancellationToken cancellation);

    /// <summary>The files of an item, each read to its end before the next is asked for.</summary>
    /// <exception cref="ChannelItemException">This item can't be read; others may.</exception>
    /// <exception cref="ChannelException">The channel broke.</exception>
    IAsyncEnumerable<ChannelFile> ReadAsync(ChannelItem item, CancellationToken cancellation);

    /// <summary>Puts an item away, so that it is not listed again. Harmless when it was put away before.</summary>
    /// <param name="item">What was listed.</param>
    /// <param name="problem">Null when it was taken; otherwise why not, for people.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="ChannelItemException">It can't be put away.</exception>
    /// <exception cref="ChannelException">The channel broke.</exception>
    Task SettleAsync(ChannelItem item, string? problem, CancellationToken cancellation);

    /// <summary>Tries what listing does not: asks without taking.</summary>
    /// <exception cref="ChannelException">It does not work.</exception>
    Task ProbeAsync(CancellationToken cancellation) => Task.CompletedTask;
}
