using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using MoMo.Domain.Identity;
using MoMo.Engine;
using MoMo.Silo.Telemetry;
using Npgsql;

namespace MoMo.Silo.Identity;

/// <summary>
/// Authenticates <c>Authorization: Bearer momo_…</c>. After a key's first request everything comes from memory: one hash, one comparison.
/// </summary>
internal sealed class KeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logs, UrlEncoder encoder, KnownKeys keys, HubMetrics metrics)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logs, encoder)
{
    private const string Bearer = "Bearer ";

    // One answer for all: nobody learns whether a key exists.
    private static readonly Task<AuthenticateResult> Wrong = Task.FromResult(AuthenticateResult.Fail("The key is not valid."));
    private static readonly Task<AuthenticateResult> Missing = Task.FromResult(AuthenticateResult.NoResult());

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization;
        if (header.Count == 0) return Missing;
        if (header.Count > 1 || header[0] is not { } text || !text.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)) return Refuse("malformed");
        Span<byte> hash = stackalloc byte[KeyText.HashLength];
        if (!KeyText.TryRead(text.AsSpan(Bearer.Length).Trim(), out var id, hash)) return Refuse("malformed");
        return keys.TryFind(id, out var key) ? Judge(key, hash) : AskAsync(id, hash.ToArray());
    }

    private async Task<AuthenticateResult> AskAsync(string id, byte[] hash)
    {
        try
        {
            return await Judge(await keys.FindAsync(id, Context.RequestAborted), hash);
        }
        catch (HubBusyException)
        {
            metrics.RefusedKey("busy");
            if (NeedsKey) throw;
        }
        catch (NpgsqlException) when (!NeedsKey)
        {
            // Whoever looks after the hub with a key sees what anybody may see, and that is when it is needed most.
        }

        return AuthenticateResult.NoResult();
    }

    private bool NeedsKey => Context.GetEndpoint()?.Metadata.GetMetadata<IAuthorizeData>() is not null;

    private Task<AuthenticateResult> Judge(KnownKey? key, ReadOnlySpan<byte> hash)
    {
        if (key is null) return Refuse("unknown");
        if (!key.Fits(hash)) return Refuse("wrong");
        keys.Touch(key);
        return key.Authenticated;
    }

    private Task<AuthenticateResult> Refuse(string reason)
    {
        metrics.RefusedKey(reason);
        return Wrong;
    }
}
