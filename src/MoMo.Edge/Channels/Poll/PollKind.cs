using System.Text.Json;
using MoMo.Domain;
using MoMo.Domain.Channels;
using MoMo.Edge.Channels.Folder;
using MoMo.Edge.Questions;
using MoMo.Edge.Webhooks;
using MoMo.Engine;

namespace MoMo.Edge.Channels.Poll;

/// <summary>A web API that is asked for what is new. Its answers are kept and read as files of the adapter's format.</summary>
/// <param name="dialer">Connects to the API.</param>
/// <param name="requireHttps">Whether plain HTTP is refused, when a channel is set and when it is opened: <see cref="WebhookOptions.RequireHttps"/>.</param>
/// <param name="clock">Tells what is new.</param>
public sealed class PollKind(Dialer dialer, bool requireHttps, TimeProvider clock) : IChannelKind
{
    // A channel is opened for each look: its token outlives that.
    private readonly AccessTokens tokens = new(clock);

    /// <inheritdoc/>
    public string Name => "poll";

    /// <inheritdoc/>
    public IReadOnlyList<string> Secrets => PollAccess.AllSecrets;

    /// <inheritdoc/>
    public Refusal? Check(JsonElement settings) => PollSettings.Parse(settings, requireHttps).Refused;

    /// <inheritdoc/>
    public IReadOnlyList<SentCredential> Sends(JsonElement settings) => PollSettings.Parse(settings).Accepted is { } read ? read.Sends() : [];

    /// <inheritdoc/>
    public bool CanBackfill(JsonElement settings) => PollSettings.Parse(settings).Accepted is { IsWindowed: true };

    /// <inheritdoc/>
    public Task<IChannel> OpenAsync(ChannelConfiguration configuration, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var read = PollSettings.Parse(configuration.Settings, requireHttps);
        if (read.Refused is { } refusal) throw new ChannelException(FolderKind.Explain(refusal));
        var settings = read.Accepted!;
        if (settings.Access.Secrets.FirstOrDefault(one => !configuration.Secrets.ContainsKey(one)) is { } missing)
            throw new ChannelException($"The channel has no {missing}: give one as its secret.");
        var client = new PollClient(dialer, settings, configuration, tokens, clock);
        return Task.FromResult<IChannel>(new PollChannel(client, settings, configuration.Position, dialer.LookTimeout, clock));
    }
}
