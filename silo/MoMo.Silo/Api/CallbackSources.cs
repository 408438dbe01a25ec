using MoMo.Domain.Adapters;
using MoMo.Domain.Callbacks;
using MoMo.Storage.Secrets;

namespace MoMo.Silo.Api;

/// <summary>Adapters as their formats see them: with their credentials opened, for as long as one message or question is looked at.</summary>
internal sealed class CallbackSources(SecretBox secrets, TimeProvider clock)
{
    public CallbackSource Of(Adapter adapter) => new(adapter.Psp, adapter.Id, adapter.Mode, adapter.Settings, Open(adapter));

    private OpenCredentials Open(Adapter adapter)
    {
        if (adapter.Credentials.Count == 0) return OpenCredentials.None;
        var now = clock.GetUtcNow();
        return new OpenCredentials(
            from one in adapter.Credentials
            where one.ValidUntil is null || one.ValidUntil > now
            select (one.Name, secrets.Open(SealedCredential.Purpose(adapter.Id, one.Name), one.Sealed)));
    }
}
