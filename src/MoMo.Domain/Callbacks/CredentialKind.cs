namespace MoMo.Domain.Callbacks;

/// <summary>Something that an adapter and its PSP share.</summary>
/// <param name="Name">In configuration: lower case with underscores.</param>
/// <param name="Detail">What it is and where the PSP shows it, in a sentence.</param>
public sealed record CredentialKind(string Name, string Detail)
{
    /// <summary>
    /// Whether it only serves to ask the PSP, so that <see cref="ICallbackFormat.Check"/> and <see cref="ICallbackFormat.Read"/> don't look at it; false
    /// by default. Callbacks are taken although such a one can't be opened.
    /// </summary>
    public bool AsksOnly { get; init; }

    /// <summary>Longest value, in characters.</summary>
    public const int ValueMax = 4_096;
}
