using MoMo.Domain;
using MoMo.Domain.Accounts;
using MoMo.Domain.Adapters;
using MoMo.Domain.Psps;
using MoMo.Domain.Routing;

namespace MoMo.Simulator.Model;

/// <summary>What a silo knows of the configuration: from memory for a moment, so it may be behind.</summary>
internal sealed class ModelDirectory(Store store, Link link, TimeProvider clock) : IDirectory
{
    private static readonly TimeSpan Behind = TimeSpan.FromSeconds(3);

    private readonly Dictionary<string, (long Until, object? Value)> known = new(StringComparer.Ordinal);

    public ValueTask<Psp?> FindPspAsync(string id, CancellationToken cancellation) =>
        FindAsync($"psp {id}", () => store.Tables.Psps.TryGetValue(id, out var archived) ? new Psp(id, archived) : null);

    public ValueTask<Adapter?> FindAdapterAsync(string id, CancellationToken cancellation) => FindAsync($"adapter {id}", () =>
        store.Tables.Adapters.ContainsKey(id) ? new Adapter(id, "p0", "csv", default, new RuleSet([]), Archived: false, CallbackSecretSha256: null) : null);

    public ValueTask<Account?> FindAccountAsync(string id, CancellationToken cancellation) =>
        FindAsync($"account {id}", () => store.Tables.Accounts.TryGetValue(id, out var line) ? Of(line) : null);

    public ValueTask<IReadOnlyList<string>> FindOwnersAsync(string reference, Mode mode, CancellationToken cancellation) =>
        FindAsync<IReadOnlyList<string>>($"reference {reference}", () => [.. store.Tables.References.GetValueOrDefault(reference) ?? []]);

    public ValueTask<IReadOnlyList<Account>> FindLookupsAsync(Mode mode, CancellationToken cancellation) =>
        FindAsync<IReadOnlyList<Account>>("lookups", () => [.. store.Tables.Accounts.Values.Where(one => one.LookupUrl is not null && !one.Archived).Select(Of)]);

    private async ValueTask<T> FindAsync<T>(string what, Func<T> read)
    {
        if (known.TryGetValue(what, out var kept) && kept.Until > clock.GetTimestamp()) return (T)kept.Value!;
        var found = await link.AskAsync(_ => Task.FromResult(read()));
        known[what] = (clock.GetTimestamp() + Behind.Ticks, found);
        return found;
    }

    private static Account Of(AccountLine line) => new(line.Id, line.Id, line.LookupUrl, line.Archived, line.Version, []);
}
