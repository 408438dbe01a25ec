using MoMo.Domain.Adapters;
using MoMo.Domain.Callbacks;
using MoMo.Storage.Secrets;

namespace MoMo.Silo.Api;

/// <summary>Adapters as their formats see them: with their credentials opened, for as long as one message or question is looked at.</summary>
internal sealed class CallbackSources(SecretBox secrets, TimeProvider clock)
{
    /// <summary>The adapter with its credentials.</summary>
    /// <exception cref="SecretException">A current one can't be opened: the hub's keys lack its key, or it was changed.</exception>
    public CallbackSource Of(Adapter adapter) => new(adapter.Psp, adapter.Id, adapter.Mode, adapter.Settings, Open(adapter));

    private OpenCredentials Open(Adapter adapter)
    {
        if (adapter.Credentials.Count == 0) return OpenCredentials.None;
        var now = clock.GetUtcNow();
        return new OpenCredentials(
            from one in adapter.Credentials
            where one.ValidUntil is null || one.ValidUntil > now
            let text = Open(adapter, one)
            where text is not null
            select (one.Name, text));
    }

    /// <summary>An old one that can't be opened is gone: whoever set a new one has mended what there is to mend.</summary>
    private string? Open(Adapter adapter, SealedCredential one)
    {
        try
        {
            return secrets.Open(SealedCredential.Purpose(adapter.Id, one.Name), one.Sealed);
        }
        catch (SecretException) when (one.ValidUntil is not null)
        {
            return null;
        }
    }
}
