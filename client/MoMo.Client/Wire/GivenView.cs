namespace MoMo.Client.Wire;

/// <summary>By what a payment could not be placed: whom its sender named, and how, as it came. A name that was not given is null.</summary>
public sealed record GivenView
{
    /// <summary>The account that the sender named.</summary>
    public string? AccountId { get; init; }

    /// <summary>The reference that the sender named.</summary>
    public string? ReferenceId { get; init; }

    /// <summary>What the payer typed.</summary>
    public string? Text { get; init; }

    /// <summary>The number at the PSP that was paid to: shortcode, till, IBAN.</summary>
    public string? Shortcode { get; init; }
}
