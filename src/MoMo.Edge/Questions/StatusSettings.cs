using System.Text.Json;
using MoMo.Domain;
using MoMo.Domain.Callbacks;
using MoMo.Domain.Questions;
using MoMo.Edge.Formats;
using MoMo.Edge.Webhooks;
using MoMo.Engine;

namespace MoMo.Edge.Questions;

/// <summary>How an adapter asks its PSP how a payment stands.</summary>
/// <param name="Url"><c>status_url</c>: with one placeholder, such as <c>{reference}</c>.</param>
/// <param name="By">What the placeholder stands for: one of <see cref="StatusManner.AskedBy"/>.</param>
/// <param name="Headers"><c>status_headers</c>: an object of texts, which may name credentials; 10 at most.</param>
/// <param name="TokenUrl"><c>token_url</c>: where the token is had; null when none is needed.</param>
internal sealed record StatusSettings(string Url, string By, IReadOnlyDictionary<string, string> Headers, string? TokenUrl)
{
    private const int HeadersMax = 10;
    private const int HeaderMax = 500;

    /// <summary>The first of <see cref="StatusManner.AskedBy"/>, whatever the PSP calls it.</summary>
    private const string AnyReference = "reference";

    private static readonly string[] Secretive = ["auth", "key", "secret", "token"];

    // The transport's own, or they would change whom or what is asked.
    private static readonly HashSet<string> Forbidden = new(StringComparer.OrdinalIgnoreCase)
    {
        "Accept-Encoding", "Connection", "Content-Length", "Content-Type", "Cookie", "Expect", "Host", "Proxy-Authorization", "TE", "Trailer",
        "Transfer-Encoding", "Upgrade", "User-Agent",
    };

    /// <summary>The settings; null when the adapter doesn't ask.</summary>
    public static StatusSettings? Of(JsonElement settings, StatusManner manner) => Read(new SettingsReader(settings), manner, []);

    /// <summary>Reads the settings, and puts what is wrong with them to the reader's other faults.</summary>
    /// <param name="reader">The adapter's settings.</param>
    /// <param name="manner">How the PSP wants to be asked.</param>
    /// <param name="credentials">The credentials that headers may name; empty to leave that unchecked.</param>
    public static StatusSettings? Read(SettingsReader reader, StatusManner manner, IReadOnlyList<CredentialKind> credentials)
    {
        var url = reader.Text("status_url");
        var token = manner.Token is null ? null : reader.Text("token_url");
        var headers = ReadHeaders(reader, manner, credentials);
        if (url is null)
        {
            if (token is not null) reader.Fault("token_url", "setting-malformed", "Give status_url, too: without it nothing is asked.");
            if (headers.Count > 0) reader.Fault("status_headers", "setting-malformed", "Give status_url, too: without it nothing is asked.");
            return null;
        }

        var by = CheckUrl(reader, url, manner);
        if (manner.Token is not null && token is null) reader.Fault("token_url", "setting-missing", "Give the URL where the PSP gives tokens.");
        else if (token is not null && DestinationUrl.Check(token).Refused is { } fault) reader.Fault("token_url", fault.Code, fault.Detail);
        return new StatusSettings(url, by, headers, token);
    }

    /// <summary>A reference as it can be asked for; null when it can't be: empty, too long, with control characters, or nothing but dots.</summary>
    public static string? Reference(string? text) =>
        text?.Trim() is { Length: > 0 and <= StatusQuestion.ReferenceMax } trimmed && ForeignText.Clean(trimmed, StatusQuestion.ReferenceMax) == trimmed
            && trimmed.AsSpan().ContainsAnyExcept('.') ? trimmed : null;

    /// <summary>The address of a question. The reference can't lead anywhere else: it is escaped, and is never a dot or two.</summary>
    public Uri Fill(string reference) => new(Replace(Url, Uri.EscapeDataString(reference)));

    /// <summary>The headers of a question: the PSP's, and the adapter's own in their stead.</summary>
    public IEnumerable<KeyValuePair<string, string>> HeadersOf(StatusManner manner) =>
        manner.Headers.Where(one => !Headers.ContainsKey(one.Key)).Concat(Headers);

    /// <summary>Which credentials go where. What a token is had with goes to the PSP as well, as that token.</summary>
    public IReadOnlyList<SentCredential> Sends(StatusManner manner)
    {
        var token = manner.Token is { } had ? Named(had.Headers, had.Json, had.Form) : [];
        return [.. To("status_url", Replace(Url, "a"), [.. Named(HeadersOf(manner)), .. token]), .. To("token_url", TokenUrl, token)];
    }

    private static IEnumerable<SentCredential> To(string setting, string? url, string[] names) => SentCredential.ServerOf(url) is { } server
        ? names.Distinct().Select(name => new SentCredential(name, setting, server)) : [];

    private static string[] Named(params IEnumerable<KeyValuePair<string, string>>?[] texts) =>
        [.. texts.OfType<IEnumerable<KeyValuePair<string, string>>>().SelectMany(all => all).SelectMany(one => CredentialTemplate.Names(one.Value))];

    private static string CheckUrl(SettingsReader reader, string url, StatusManner manner)
    {
        string[] known = [AnyReference, .. manner.AskedBy];
        var named = Names(url).Distinct(StringComparer.Ordinal).ToArray();
        var filled = Replace(url, "a");
        if (named.Length != 1 || !known.Contains(named[0]))
            reader.Fault("status_url", "setting-malformed", $"The URL names the payment by one of {string.Join(", ", known.Select(name => $"{{{name}}}"))}.");
        else if (DestinationUrl.Check(filled).Refused is { } fault) reader.Fault("status_url", fault.Code, fault.Detail);
        else if (new Uri(filled).GetLeftPart(UriPartial.Authority) != new Uri(Replace(url, "b")).GetLeftPart(UriPartial.Authority))
            reader.Fault("status_url", "setting-malformed", "The payment is named in the path or the query, not in the host.");
        return named is [var one] && one != AnyReference ? one : manner.AskedBy[0];
    }

    private static Dictionary<string, string> ReadHeaders(SettingsReader reader, StatusManner manner, IReadOnlyList<CredentialKind> credentials)
    {
        Dictionary<string, string> headers = new(StringComparer.OrdinalIgnoreCase);
        if (reader.Value("status_headers") is not { } given) return headers;
        if (given.ValueKind != JsonValueKind.Object || given.GetPropertyCount() > HeadersMax)
        {
            reader.Fault("status_headers", "setting-malformed", $"Give an object of texts, {HeadersMax} at most.");
            return headers;
        }

        foreach (var header in given.EnumerateObject())
        {
            if (Fault(header, manner, credentials) is { } fault) reader.Fault($"status_headers.{header.Name}", "setting-malformed", fault);
            else headers[header.Name] = header.Value.GetString()!;
        }

        return headers;
    }

    private static string? Fault(JsonProperty header, StatusManner manner, IReadOnlyList<CredentialKind> credentials)
    {
        if (header.Name.Length is 0 or > 100 || header.Name.Any(letter => !char.IsAsciiLetterOrDigit(letter) && letter is not '-' and not '_'))
            return "A header's name is letters, digits, '-' and '_'.";
        if (Forbidden.Contains(header.Name)) return "This header is the hub's own to send.";
        if (header.Value.ValueKind != JsonValueKind.String || header.Value.GetString() is not { Length: > 0 and <= HeaderMax } text
            || text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            return $"Give a text of 1 to {HeaderMax} printable ASCII characters.";
        var names = CredentialTemplate.Names(text).ToArray();
        if (credentials.Count > 0 && names.FirstOrDefault(name => credentials.All(kind => kind.Name != name)) is { } unknown)
            return $"There is no credential '{unknown}'; there are: {string.Join(", ", credentials.Select(kind => kind.Name))}.";
        // Settings are shown to whoever may see the adapter.
        return names.Length == 0 && IsSecret(header.Name, manner) ? "Keep the secret as a credential, and name it here as {…}: settings are shown." : null;
    }

    /// <summary>Whether a header holds a secret: the PSP's manner fills it with one, or its name says so.</summary>
    private static bool IsSecret(string header, StatusManner manner) =>
        Secretive.Any(word => header.Contains(word, StringComparison.OrdinalIgnoreCase))
        || manner.Headers.Any(one => one.Key.Equals(header, StringComparison.OrdinalIgnoreCase) && CredentialTemplate.Names(one.Value).Any());

    /// <summary>Names in braces.</summary>
    private static IEnumerable<string> Names(string url)
    {
        for (var open = url.IndexOf('{', StringComparison.Ordinal); open >= 0; open = url.IndexOf('{', open + 1))
        {
            var close = url.IndexOf('}', open);
            yield return close < 0 ? url[(open + 1)..] : url[(open + 1)..close];
        }
    }

    private static string Replace(string url, string value) => Names(url).Distinct(StringComparer.Ordinal).ToArray()
        .Aggregate(url, (filled, name) => filled.Replace($"{{{name}}}", value, StringComparison.Ordinal));
}
