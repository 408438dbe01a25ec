namespace MoMo.Client.Wire;

/// <summary>Who paid, as far as the PSP tells.</summary>
public sealed record PayerView
{
    /// <summary>At most 140 characters.</summary>
    public string? Name { get; init; }

    /// <summary>At most 80 characters; may be masked by the PSP.</summary>
    public string? Phone { get; init; }

    /// <summary>IBAN, wallet or masked card number; at most 80 characters.</summary>
    public string? Account { get; init; }
}
