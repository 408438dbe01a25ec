using MoMo.Domain.Adapters;

namespace MoMo.Storage.Management;

/// <summary>An adapter as it is stored.</summary>
/// <param name="Draft">Its configuration.</param>
/// <param name="Liveness">Whether it is alive.</param>
/// <param name="Version">Rises with each change of its configuration.</param>
/// <param name="CreatedAt">When it was created.</param>
public sealed record AdapterRow(AdapterDraft Draft, AdapterLiveness Liveness, long Version, DateTimeOffset CreatedAt)
{
    /// <summary>Which credentials are set, by name.</summary>
    public IReadOnlyList<CredentialRow> Credentials { get; init; } = [];

    /// <summary>The secret part of the path that its PSP calls: only in the answer that made it.</summary>
    public string? CallbackSecret { get; init; }
}
