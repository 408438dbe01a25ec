using System.Text.Json;
using MoMo.Domain.Channels;
using MoMo.Storage.Channels;
using MoMo.Storage.Secrets;

namespace MoMo.Silo.Channels;

/// <summary>The kinds of channels by name, and the way from a stored channel to an open one.</summary>
internal sealed class ChannelKinds(IEnumerable<IChannelKind> kinds, SecretBox box)
{
    private readonly Dictionary<string, IChannelKind> kinds = kinds.ToDictionary(kind => kind.Name);

    /// <summary>Their names, for people.</summary>
    public string Names => string.Join(", ", kinds.Keys);

    public IChannelKind? Find(string name) => kinds.GetValueOrDefault(name);

    /// <exception cref="ChannelException">It can't be opened; the message says why.</exception>
    public async Task<IChannel> OpenAsync(ChannelRow row, CancellationToken cancellation)
    {
        if (Find(row.Kind) is not { } kind) throw new ChannelException($"This silo knows no channels of kind '{row.Kind}'.");
        return await kind.OpenAsync(
            new ChannelConfiguration(row.Adapter, JsonElement.Parse(row.Settings), Secrets(row), row.Position), cancellation);
    }

    private Dictionary<string, string> Secrets(ChannelRow row)
    {
        if (row.SealedSecret is not { } text) return [];
        try
        {
            return JsonElement.Parse(box.Open(ChannelStore.Purpose(row.Adapter), text)).EnumerateObject()
                .ToDictionary(one => one.Name, one => one.Value.GetString()!);
        }
        catch (SecretException e)
        {
            throw new ChannelException($"The channel's secret can't be opened: {e.Message}", e);
        }
    }
}
