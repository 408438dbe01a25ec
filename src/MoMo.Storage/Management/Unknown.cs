using MoMo.Engine;

namespace MoMo.Storage.Management;

/// <summary>Refusals of what is not there. Whoever may not see a thing gets the very same words.</summary>
public static class Unknown
{
    /// <summary><c>account-unknown</c>.</summary>
    public static Refusal Account(string id) => new("account-unknown", $"There is no account '{id}'.");

    /// <summary><c>adapter-unknown</c>.</summary>
    public static Refusal Adapter(string id) => new("adapter-unknown", $"There is no adapter '{id}'.");

    /// <summary><c>destination-unknown</c>.</summary>
    public static Refusal Destination(string account, string id) => new("destination-unknown", $"Account '{account}' has no destination '{id}'.");

    /// <summary><c>key-unknown</c>.</summary>
    public static Refusal Key(string id) => new("key-unknown", $"There is no key '{id}'.");

    /// <summary><c>payment-unknown</c>.</summary>
    public static Refusal Payment(Guid id) => new("payment-unknown", $"There is no payment '{id}'.");

    /// <summary><c>psp-unknown</c>.</summary>
    public static Refusal Psp(string id) => new("psp-unknown", $"There is no PSP '{id}'.");

    /// <summary><c>reference-unknown</c>.</summary>
    public static Refusal Reference(string account, string id) => new("reference-unknown", $"Account '{account}' has no reference '{id}'.");
}
