using MoMo.Domain;
using MoMo.Domain.Accounts;
using MoMo.Domain.Adapters;
using MoMo.Domain.Psps;
using MoMo.Domain.Routing;

namespace MoMo.Tests.Fuzz;

/// <summary>A hub that knows nobody.</summary>
internal sealed class NoAccounts : IDirectory, ILookupClient
{
    public ValueTask<Psp?> FindPspAsync(string id, CancellationToken cancellation) => default;

    public ValueTask<Adapter?> FindAdapterAsync(string id, CancellationToken cancellation) => default;

    public ValueTask<Account?> FindAccountAsync(string id, CancellationToken cancellation) => default;

    public ValueTask<IReadOnlyList<string>> FindOwnersAsync(string reference, Mode mode, CancellationToken cancellation) => new([]);

    public ValueTask<IReadOnlyList<Account>> FindLookupsAsync(Mode mode, CancellationToken cancellation) => new([]);

    public Task<LookupAnswer> AskAsync(Uri url, string referenceId, TimeSpan deadline, CancellationToken cancellation) => Task.FromResult(LookupAnswer.No);
}
