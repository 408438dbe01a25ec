using System.Collections.Frozen;
using System.Security.Claims;

namespace MoMo.Silo.Identity;

/// <summary>What the caller may do.</summary>
internal static class PrincipalScopes
{
    extension(ClaimsPrincipal user)
    {
        /// <summary>May do everything.</summary>
        public bool IsAdmin => user is KeyPrincipal { IsAdmin: true };

        /// <summary>May report something as an adapter.</summary>
        public bool IsAdapter => user is KeyPrincipal key && (key.IsAdmin || key.IsAnyAdapter || key.Adapters.Count > 0);

        /// <summary>The accounts, by canonical id, that the caller is bound to; null: all, for administrators; empty: none.</summary>
        public IReadOnlySet<string>? AccountScope =>
            user is not KeyPrincipal key ? FrozenSet<string>.Empty : key.IsAdmin ? null : key.Accounts;

        /// <summary>The adapters that the caller is bound to; null: it may speak for any PSP.</summary>
        public IReadOnlySet<string>? OwnAdapters =>
            user is not KeyPrincipal key ? FrozenSet<string>.Empty : key.IsAdmin || key.IsAnyAdapter ? null : key.Adapters;

        /// <summary>May report for this adapter.</summary>
        public bool MayReport(string adapterId) =>
            user is KeyPrincipal key && (key.IsAdmin || key.IsAnyAdapter || key.Adapters.Contains(adapterId));

        /// <summary>May see what is this account's; the id is canonical.</summary>
        public bool MaySee(string accountId) => user is KeyPrincipal key && (key.IsAdmin || key.Accounts.Contains(accountId));
    }
}
