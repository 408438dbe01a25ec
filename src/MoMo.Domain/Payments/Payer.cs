namespace MoMo.Domain.Payments;

/// <summary>Who paid, as far as the PSP tells; masked or hashed values stay as they came.</summary>
/// <param name="Name">At most 140 characters.</param>
/// <param name="Phone">At most 80 characters.</param>
/// <param name="Account">IBAN, wallet or card number as the PSP masks it; at most 80 characters.</param>
public sealed record Payer(string? Name, string? Phone, string? Account)
{
    /// <summary>Whether both are told by an e-mail address, and by different ones. All else is masked, shortened or written in many ways.</summary>
    public bool IsSomebodyElse(Payer? other) =>
        Address is { } one && other?.Address is { } another && !one.Equals(another, StringComparison.OrdinalIgnoreCase);

    private string? Address => Account?.Trim() is { } text && text.Contains('@', StringComparison.Ordinal) && !text.Contains('*', StringComparison.Ordinal) ? text : null;
}
