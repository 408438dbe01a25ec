using System.Text.Json;
using MoMo.Domain.Channels;
using MoMo.Edge.Channels.Folder;
using MoMo.Engine;

namespace MoMo.Edge.Channels.Poll;

/// <summary>A web API that is asked for what is new. Its answers are kept and read as files of the adapter's format.</summary>
public sealed class PollKind(Dialer dialer, TimeProvider clock) : IChannelKind
{
    /// <inheritdoc/>
    public string Name => "poll";

    /// <inheritdoc/>
    public IReadOnlyList<string> Secrets { get; } = ["token", "password"];

    /// <inheritdoc/>
    public Refusal? Check(JsonElement settings) => PollSettings.Parse(settings).Refused;

    /// <inheritdoc/>
    public bool CanBackfill(JsonElement settings) => PollSettings.Parse(settings).Accepted is { IsWindowed: true };

    /// <inheritdoc/>
    public Task<IChannel> OpenAsync(ChannelConfiguration configuration, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var read = PollSettings.Parse(configuration.Settings);
        if (read.Refused is { } refusal) throw new ChannelException(FolderKind.Explain(refusal));
        var settings = read.Accepted!;
        var secret = settings.Auth switch { "bearer" or "header" => "token", "basic" => "password", _ => null };
        if (secret is not null && !configuration.Secrets.ContainsKey(secret)) throw new ChannelException($"The channel has no {secret}: give one as its secret.");
        return Task.FromResult<IChannel>(new PollChannel(new PollClient(dialer, settings, configuration.Secrets), settings, configuration.Position, clock));
    }
}
