using MoMo.Domain.Adapters;
using MoMo.Engine;

namespace MoMo.Silo.Api;

/// <summary>Who brings payments.</summary>
/// <param name="Adapters">The adapters whose own key it is; null for a key that may speak for any PSP.</param>
internal sealed record Sender(IReadOnlyList<Adapter>? Adapters)
{
    /// <summary>A key that may speak for any PSP.</summary>
    public static readonly Sender Any = new((IReadOnlyList<Adapter>?)null);

    /// <summary>Its adapter for a PSP; null when it has none, or several, of which nobody could tell the right one.</summary>
    public Adapter? Find(string psp) => Adapters is not null && Of(psp) is [var only] ? only : null;

    /// <summary>Why it may not bring a PSP's payments; null when it may.</summary>
    public Refusal? Refuses(string psp) => Adapters is null ? null : Of(psp) switch
    {
        [] => Refusal.Of("psp", "psp-differs", $"This key belongs to an adapter of another PSP than {psp}."),
        [var first, var second, ..] => Refusal.Of(
            "psp", "adapter-ambiguous", $"This key belongs to several adapters of PSP {psp}, such as {first.Id} and {second.Id}. Use a key of one of them."),
        _ => null,
    };

    private List<Adapter> Of(string psp) => [.. Adapters!.Where(adapter => adapter.Psp == psp)];
}
