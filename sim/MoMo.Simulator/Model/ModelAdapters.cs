using MoMo.Domain.Adapters;
using MoMo.Engine;

namespace MoMo.Simulator.Model;

/// <summary>How adapters are: a row is locked, its state decided and written, in one transaction, as StoredAdapter does it in SQL.</summary>
internal sealed class ModelAdapters(Store store, Link link, TimeProvider clock)
{
    /// <summary>An adapter is heard of: for the first time in its life, or again.</summary>
    public async Task<Outcome<AdapterLiveness>> HearAsync(string id, AdapterSignal signal, bool starts)
    {
        var now = clock.GetUtcNow();
        return await ChangeAsync(id, actor => starts ? actor.Register(signal, now) : actor.Heartbeat(signal, now));
    }

    /// <summary>Puts down whoever was not heard of in time.</summary>
    public async Task ExpireAsync()
    {
        var now = clock.GetUtcNow();
        var due = await link.AskAsync(_ => Task.FromResult(
            store.Tables.Adapters.Where(one => one.Value.LeaseUntil <= now).Select(one => one.Key).ToList()));
        foreach (var id in due)
        {
            await ChangeAsync(id, actor =>
            {
                actor.Expire(now);
                return actor.State;
            });
        }
    }

    private Task<AdapterLiveness> ChangeAsync(string id, Func<AdapterActor, AdapterLiveness> decide) => link.AskAsync(async session =>
    {
        session.IsOpen = true;
        await store.Locks.TakeAsync(session, $"adapter {id}");
        var state = decide(new AdapterActor(store.Tables.Adapters[id]));
        store.Tables.Adapters[id] = state;
        store.End(session);
        return state;
    });
}
