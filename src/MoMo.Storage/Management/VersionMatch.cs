using MoMo.Engine;

namespace MoMo.Storage.Management;

/// <summary>Which versions the caller is willing to change: <c>If-Match</c>.</summary>
/// <param name="Versions">One of these; null for any.</param>
public sealed record VersionMatch(IReadOnlyList<long>? Versions)
{
    /// <summary>Whatever the version.</summary>
    public static readonly VersionMatch Any = new((IReadOnlyList<long>?)null);

    /// <summary>Refuses with <c>etag-mismatch</c> when the stored version is another one.</summary>
    public Refusal? Check(long stored) => Versions is null || Versions.Contains(stored)
        ? null
        : new Refusal("etag-mismatch", Versions.Any(version => version > 0)
            ? $"It has changed meanwhile and is version \"{stored}\" now. Read it again, then repeat the change."
            : $"If-Match is no ETag that can match: send it as it was answered, with its quotes and without W/. It is version \"{stored}\" now.");
}
