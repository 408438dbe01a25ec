using MoMo.Engine;

namespace MoMo.Storage.Management;

/// <summary>The refusal to delete what something depends on.</summary>
internal static class InUse
{
    /// <summary><c>in-use</c>, naming by what.</summary>
    public static Refusal By(string noun, string id, IReadOnlyList<string> users) =>
        new("in-use", $"{noun} '{id}' is used by {string.Join(", ", users)}. What is referenced can't be deleted; archive it instead.");
}
