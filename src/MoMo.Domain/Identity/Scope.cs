using MoMo.Domain.Accounts;
using MoMo.Engine;

namespace MoMo.Domain.Identity;

/// <summary>One thing that a key may do.</summary>
/// <param name="Kind"><c>admin</c>, <c>adapter</c> or <c>account</c>.</param>
/// <param name="Target">Which adapter or account; null for all adapters, and for admin.</param>
public sealed record Scope(string Kind, string? Target)
{
    /// <summary>Scopes of one key at most.</summary>
    public const int Max = 100;

    /// <summary>May do everything.</summary>
    public static readonly Scope Admin = new("admin", null);

    /// <summary>Reads <c>admin</c>, <c>adapter</c>, <c>adapter:id</c> or <c>account:id</c>; an account's id becomes canonical.</summary>
    /// <returns>The scope, or <c>scope-malformed</c>.</returns>
    public static Outcome<Scope> Parse(string? text) => text?.Split(':', 2) switch
    {
        ["admin"] => Admin,
        ["adapter"] => new Scope("adapter", null),
        ["adapter", { Length: > 0 and <= 64 } id] => new Scope("adapter", id),
        ["account", { Length: <= 100 } id] when Account.Canonical(id).Length > 0 => new Scope("account", Account.Canonical(id)),
        _ => new Refusal("scope-malformed", $"'{text}' is no scope; use admin, adapter, adapter:<id> or account:<id>."),
    };

    /// <summary>As it is written.</summary>
    public override string ToString() => Target is null ? Kind : $"{Kind}:{Target}";
}
