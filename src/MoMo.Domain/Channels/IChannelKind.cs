using System.Text.Json;
using MoMo.Engine;

namespace MoMo.Domain.Channels;

/// <summary>One way that files or messages come. One small folder of <c>src/MoMo.Edge/Channels</c> each.</summary>
public interface IChannelKind
{
    /// <summary>Its name in the configuration, such as <c>sftp</c>.</summary>
    string Name { get; }

    /// <summary>The secrets it can use, such as <c>password</c>; empty for none.</summary>
    IReadOnlyList<string> Secrets { get; }

    /// <summary>Refuses settings that it can't use; null when all is well.</summary>
    Refusal? Check(JsonElement settings);

    /// <summary>Which of its secrets go to which server with these settings; none when the settings can't be used.</summary>
    IReadOnlyList<SentCredential> Sends(JsonElement settings);

    /// <summary>Whether a channel with these settings can be asked again for a stretch of time (<see cref="IWindowedChannel"/>).</summary>
    bool CanBackfill(JsonElement settings) => false;

    /// <summary>Opens a channel: connects and logs in.</summary>
    /// <exception cref="ChannelException">It can't be opened; the message says why, without secrets.</exception>
    Task<IChannel> OpenAsync(ChannelConfiguration configuration, CancellationToken cancellation);
}
