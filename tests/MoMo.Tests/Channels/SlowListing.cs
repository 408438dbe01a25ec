using System.Text.Json;
using MoMo.Domain;
using MoMo.Domain.Channels;
using MoMo.Engine;
using MoMo.Tests.Support;

namespace MoMo.Tests.Channels;

/// <summary>Channels of a kind, of which it takes very long to list what lies there.</summary>
internal sealed class SlowListing(IChannelKind kind, TimeSpan time, FakeTimeProvider clock) : IChannelKind
{
    public string Name => kind.Name;

    public IReadOnlyList<string> Secrets => kind.Secrets;

    public Refusal? Check(JsonElement settings) => kind.Check(settings);

    public IReadOnlyList<SentCredential> Sends(JsonElement settings) => kind.Sends(settings);

    public async Task<IChannel> OpenAsync(ChannelConfiguration configuration, CancellationToken cancellation) =>
        new Slow(await kind.OpenAsync(configuration, cancellation), time, clock);

    private sealed class Slow(IChannel channel, TimeSpan time, FakeTimeProvider clock) : IChannel
    {
        public ChannelRules Rules => channel.Rules;

        public string? Position => channel.Position;

        public async Task<IReadOnlyList<ChannelItem>> ListAsync(int max, CancellationToken cancellation)
        {
            var listed = await channel.ListAsync(max, cancellation);
            clock.Advance(time);
            return listed;
        }

        public IAsyncEnumerable<ChannelFile> ReadAsync(ChannelItem item, CancellationToken cancellation) => channel.ReadAsync(item, cancellation);

        public Task SettleAsync(ChannelItem item, string? problem, CancellationToken cancellation) => channel.SettleAsync(item, problem, cancellation);

        public ValueTask DisposeAsync() => channel.DisposeAsync();
    }
}
