using MoMo.Domain.Accounts;
using MoMo.Domain.Adapters;
using MoMo.Domain.Psps;

namespace MoMo.Domain;

/// <summary>
/// Looks up what the hub is configured to know; answers from memory when it can. Another silo's change is seen within moments; what must not be
/// missed (an account that goes away) is checked again inside the turn.
/// </summary>
public interface IDirectory
{
    /// <summary>The PSP, or null.</summary>
    ValueTask<Psp?> FindPspAsync(string id, CancellationToken cancellation);

    /// <summary>The adapter, or null.</summary>
    ValueTask<Adapter?> FindAdapterAsync(string id, CancellationToken cancellation);

    /// <summary>
    /// The adapter, or null, for whoever calls without a key: what is no adapter's id costs nothing to find out, however many are guessed.
    /// </summary>
    ValueTask<Adapter?> FindCalledAsync(string id, CancellationToken cancellation) => FindAdapterAsync(id, cancellation);

    /// <summary>The account with this canonical id, or null.</summary>
    ValueTask<Account?> FindAccountAsync(string id, CancellationToken cancellation);

    /// <summary>Ids of the accounts of a mode that registered this canonical reference; at most 10, archived ones left out.</summary>
    ValueTask<IReadOnlyList<string>> FindOwnersAsync(string reference, Mode mode, CancellationToken cancellation);

    /// <summary>Active accounts of a mode with a lookup URL; one more than <see cref="Routing.LookupRule.AccountsMax"/> when there are more.</summary>
    ValueTask<IReadOnlyList<Account>> FindLookupsAsync(Mode mode, CancellationToken cancellation);
}
