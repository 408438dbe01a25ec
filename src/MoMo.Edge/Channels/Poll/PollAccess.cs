using MoMo.Domain.Callbacks;
using MoMo.Edge.Channels.Folder;
using MoMo.Edge.Formats;
using MoMo.Edge.Webhooks;

namespace MoMo.Edge.Channels.Poll;

/// <summary>How an API lets the hub in.</summary>
/// <param name="Auth">
/// <c>auth</c>: <c>none</c> (default), <c>bearer</c> (secret token), <c>basic</c> (<c>user</c>, secret password), <c>header</c> (<c>header</c>, secret token), or
/// <c>oauth</c>: a token that is had with the client's own credentials (secrets client_id and client_secret) and used until shortly before it runs out.
/// </param>
/// <param name="User"><c>user</c>.</param>
/// <param name="Header"><c>header</c>: <c>X-Api-Key</c> by default.</param>
/// <param name="TokenUrl"><c>token_url</c>: where the token is had.</param>
/// <param name="TokenByGet"><c>token_method</c>: <c>post</c> (default; <c>grant_type</c> in a form) or <c>get</c> (the URL says all).</param>
/// <param name="Pin"><c>tls_pin</c>: of the API's server; a token's server that is another one needs a trusted certificate.</param>
internal sealed record PollAccess(string Auth, string User, string Header, string? TokenUrl, bool TokenByGet, string? Pin)
{
    /// <summary>The word for a token that is had.</summary>
    public const string OAuth = "oauth";

    /// <summary>The secrets that there may be.</summary>
    public static IReadOnlyList<string> AllSecrets { get; } = ["token", "password", "client_id", "client_secret"];

    /// <summary>The secrets that it needs.</summary>
    public IReadOnlyList<string> Secrets => Auth switch
    {
        "bearer" or "header" => ["token"],
        "basic" => ["password"],
        OAuth => ["client_id", "client_secret"],
        _ => [],
    };

    /// <summary>How a token is had; null when none is needed.</summary>
    public TokenManner? Token => Auth != OAuth ? null : new TokenManner
    {
        ByGet = TokenByGet,
        Headers = new Dictionary<string, string> { ["Authorization"] = "Basic {basic:client_id:client_secret}" },
        Form = TokenByGet ? null : new Dictionary<string, string> { ["grant_type"] = "client_credentials" },
    };

    public static PollAccess Read(SettingsReader settings, bool requireHttps)
    {
        var read = new PollAccess(
            FolderSettings.Word(settings, "auth", "none", "bearer", "basic", "header", OAuth),
            settings.Text("user") ?? "",
            settings.Text("header") ?? "X-Api-Key",
            settings.Text("token_url"),
            FolderSettings.Word(settings, "token_method", "post", "get") == "get",
            ServerSettings.Pin(settings));
        if (read.Auth == "basic" && read.User.Length == 0) settings.Fault("user", "setting-missing", "Give the user.");
        if (read.Auth == OAuth && read.TokenUrl is null) settings.Fault("token_url", "setting-missing", "Give the URL where tokens are had.");
        else if (read.TokenUrl is { } url && DestinationUrl.Check(url, requireHttps).Refused is { } fault) settings.Fault("token_url", fault.Code, fault.Detail);
        else if (read.Auth != OAuth && read.TokenUrl is not null) settings.Fault("token_url", "setting-contradictory", "Tokens are had when auth is oauth.");
        if (read.Header.Any(letter => !char.IsAsciiLetterOrDigit(letter) && letter is not '-' and not '_')) settings.Fault("header", "setting-malformed", "Give the name of a header.");
        return read;
    }
}
