using Microsoft.AspNetCore.Authentication;
using MoMo.Domain.Identity;
using MoMo.Storage.Management;

namespace MoMo.Silo.Identity;

/// <summary>A key as it is remembered: everything a request with it needs is made already.</summary>
internal sealed class KnownKey
{
    private readonly byte[] hash;
    private long touchedAt;

    public KnownKey(KeyRow row, long touchedAt)
    {
        Id = row.Id;
        hash = row.Hash.ToArray();
        this.touchedAt = touchedAt;
        // What is stored was checked when it was stored; a scope that this version does not know gives nothing.
        Principal = new KeyPrincipal(row.Id, row.Name, row.Scopes.Select(text => Scope.Parse(text).Accepted).OfType<Scope>());
        Authenticated = Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(Principal, KeyPrincipal.Scheme)));
    }

    public string Id { get; }

    public KeyPrincipal Principal { get; }

    /// <summary>The answer to a request with this key.</summary>
    public Task<AuthenticateResult> Authenticated { get; }

    /// <summary>Whether the secret is this key's; takes as long whatever the answer.</summary>
    public bool Fits(ReadOnlySpan<byte> secretHash) => System.Security.Cryptography.CryptographicOperations.FixedTimeEquals(hash, secretHash);

    /// <summary>True at most once in <paramref name="every"/> ticks of the clock: for whoever records that the key is used.</summary>
    public bool TryTouch(long now, long every)
    {
        var before = Volatile.Read(ref touchedAt);
        return now - before >= every && Interlocked.CompareExchange(ref touchedAt, now, before) == before;
    }
}
