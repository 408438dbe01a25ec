using MoMo.Domain.Adapters;
using MoMo.Domain.Callbacks;
using MoMo.Storage.Secrets;

namespace MoMo.Silo.Api;

/// <summary>A call that came to the right address.</summary>
/// <param name="Adapter">Whose address it is.</param>
/// <param name="Format">Reads it.</param>
/// <param name="Source">The adapter as its format sees it.</param>
/// <param name="Closed">The names of its credentials that can't be opened, and why; none when all is well.</param>
internal sealed record AdmittedCallback(
    Adapter Adapter, ICallbackFormat Format, CallbackSource Source, IReadOnlyList<(string Name, SecretException Fault)> Closed)
{
    /// <summary>When it came, by the clock's timestamp: what is asked has to be answered in time.</summary>
    public required long BeganAt { get; init; }

    /// <summary>It came from a place that is not let in: it is kept, for whoever has to find out why, and answered like a guess.</summary>
    public bool IsFromElsewhere { get; init; }

    /// <summary>Why nobody can tell whether the PSP sent it; null when that can be told: what only serves to ask need not be open.</summary>
    public SecretException? Fault => Closed.FirstOrDefault(one => Format.Credentials.Any(kind => kind.Name == one.Name && !kind.AsksOnly)).Fault;
}
