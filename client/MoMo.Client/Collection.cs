using System.Text.Json.Serialization.Metadata;
using MoMo.Client.Wire;

namespace MoMo.Client;

/// <summary>What lists, shows, creates, changes and deletes: the same for every configured noun.</summary>
internal sealed class Collection<TSpec, TView>(
    Transport transport, JsonTypeInfo<TSpec> specType, JsonTypeInfo<TView> viewType, JsonTypeInfo<Page<TView>> pageType)
{
    public IAsyncEnumerable<TView> ListAsync(string path, int pageSize, CancellationToken cancellation) =>
        transport.ListAsync(path, Query.None, pageSize, pageType, cancellation);

    public Task<TView> GetAsync(string path, string id, CancellationToken cancellation) =>
        transport.GetAsync($"{path}/{Segment.Of(id)}", viewType, cancellation);

    public Task<TView> CreateAsync(string path, TSpec spec, CancellationToken cancellation) =>
        transport.PostAsync(path, spec, specType, viewType, Repeat.Named, cancellation);

    public Task<TView> SetAsync(string path, string id, TSpec spec, long version, CancellationToken cancellation) =>
        transport.PutAsync($"{path}/{Segment.Of(id)}", spec, version, specType, viewType, cancellation);

    public Task DeleteAsync(string path, string id, long? version, CancellationToken cancellation) =>
        DeleteAsync(path, id, Query.None, version, cancellation);

    public Task DeleteAsync(string path, string id, Query query, long? version, CancellationToken cancellation) =>
        transport.DeleteAsync($"{path}/{Segment.Of(id)}{query}", version, cancellation);
}
