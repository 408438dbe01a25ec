using MoMo.Domain;

namespace MoMo.Storage.Catalog;

/// <summary>The accounts that registered a reference, by their mode.</summary>
internal sealed record ReferenceOwners(IReadOnlyList<string> Live, IReadOnlyList<string> Test)
{
    public IReadOnlyList<string> Of(Mode mode) => mode == Mode.Test ? Test : Live;
}
