using MoMo.Domain.Adapters;
using MoMo.Domain.Callbacks;
using MoMo.Storage.Secrets;

namespace MoMo.Silo.Api;

/// <summary>Adapters as their formats see them: with their credentials opened, for as long as one message or question is looked at.</summary>
internal sealed class CallbackSources(SecretBox secrets, TimeProvider clock)
{
    /// <summary>The adapter with its credentials.</summary>
    /// <exception cref="SecretException">A current one can't be opened: the hub's keys lack its key, or it was changed.</exception>
    public CallbackSource Of(Adapter adapter) => Of(adapter, out var closed) is var source && closed.Count == 0 ? source : throw closed[0].Fault;

    /// <summary>The adapter with those of its credentials that can be opened.</summary>
    /// <param name="adapter">The adapter.</param>
    /// <param name="closed">The names of the current ones that can't be, and why.</param>
    public CallbackSource Of(Adapter adapter, out IReadOnlyList<(string Name, SecretException Fault)> closed)
    {
        closed = [];
        if (adapter.Credentials.Count == 0) return new CallbackSource(adapter.Psp, adapter.Id, adapter.Mode, adapter.Settings, OpenCredentials.None);
        var now = clock.GetUtcNow();
        List<(string, string)> open = [];
        List<(string, SecretException)> faults = [];
        foreach (var one in adapter.Credentials.Where(one => one.ValidUntil is null || one.ValidUntil > now))
        {
            try
            {
                open.Add((one.Name, secrets.Open(SealedCredential.Purpose(adapter.Id, one.Name), one.Sealed)));
            }
            catch (SecretException e)
            {
                // An old one that can't be opened is gone: whoever set a new one has mended what there is to mend.
                if (one.ValidUntil is null) faults.Add((one.Name, e));
            }
        }

        closed = faults;
        return new CallbackSource(adapter.Psp, adapter.Id, adapter.Mode, adapter.Settings, new OpenCredentials(open));
    }
}
