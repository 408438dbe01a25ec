using MoMo.Domain.Adapters;

namespace MoMo.Silo.Api;

/// <summary>Who brings payments.</summary>
/// <param name="Adapters">The adapters whose own key it is; null for a key that may speak for any PSP.</param>
internal sealed record Sender(IReadOnlyList<Adapter>? Adapters)
{
    /// <summary>A key that may speak for any PSP.</summary>
    public static readonly Sender Any = new((IReadOnlyList<Adapter>?)null);

    /// <summary>Its adapter for a PSP; null when it has none.</summary>
    public Adapter? Find(string psp) => Adapters?.FirstOrDefault(adapter => adapter.Psp == psp);
}
