using System.Collections.Frozen;
using System.Security.Claims;
using MoMo.Domain.Identity;

namespace MoMo.Silo.Identity;

/// <summary>Who authenticates with a key. Made once for each key and shared by its requests, so that asking what it may do costs nothing.</summary>
internal sealed class KeyPrincipal : ClaimsPrincipal
{
    /// <summary>Name of the authentication scheme.</summary>
    public const string Scheme = "Key";

    public KeyPrincipal(string id, string name, IEnumerable<Scope> scopes)
        : base(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, id), new Claim(ClaimTypes.Name, name)], Scheme))
    {
        var all = scopes.ToList();
        IsAdmin = all.Contains(Scope.Admin);
        IsAnyAdapter = all.Exists(scope => scope is { Kind: "adapter", Target: null });
        Adapters = Targets(all, "adapter");
        Accounts = Targets(all, "account");
    }

    public bool IsAdmin { get; }

    public bool IsAnyAdapter { get; }

    public FrozenSet<string> Adapters { get; }

    public FrozenSet<string> Accounts { get; }

    private static FrozenSet<string> Targets(List<Scope> scopes, string kind) =>
        scopes.Where(scope => scope.Kind == kind && scope.Target is not null).Select(scope => scope.Target!).ToFrozenSet(StringComparer.Ordinal);
}
