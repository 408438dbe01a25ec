using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using MoMo.Domain.Callbacks;

namespace MoMo.Edge.Questions;

/// <summary>Tokens that are remembered until shortly before they run out; 10,000 at most.</summary>
internal sealed class AccessTokens(TimeProvider clock)
{
    private const int Max = 10_000;

    private readonly ConcurrentDictionary<string, AccessToken> tokens = new(StringComparer.Ordinal);

    /// <summary>A token belongs to the address and the credentials that it was had with: other ones need another.</summary>
    /// <param name="owner">The adapter.</param>
    /// <param name="url">Where tokens are had.</param>
    /// <param name="credentials">What they are had with; their current values count.</param>
    public static string KeyOf(string owner, string url, OpenCredentials credentials) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Join('\n', [owner, url, .. credentials.Names.Order(StringComparer.Ordinal).Select(name => $"{name}={credentials.Of(name)[0]}")]))));

    /// <summary>The token that is remembered; null when there is none that is still good.</summary>
    public AccessToken? Find(string key) => tokens.TryGetValue(key, out var known) && known.GoodUntil > clock.GetUtcNow() ? known : null;

    /// <summary>Remembers a token. Several askers at once may each have one of their own: rare, and harmless.</summary>
    public void Keep(string key, AccessToken token)
    {
        if (tokens.Count >= Max) tokens.Clear();
        tokens[key] = token;
    }

    /// <summary>The token was refused.</summary>
    public void Forget(string key) => tokens.TryRemove(key, out _);
}
