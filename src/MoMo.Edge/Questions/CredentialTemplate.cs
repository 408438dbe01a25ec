using System.Text;
using System.Text.RegularExpressions;
using MoMo.Domain.Callbacks;
using MoMo.Engine;

namespace MoMo.Edge.Questions;

/// <summary>
/// Texts that name credentials: <c>{api_key}</c> is its value, <c>{base64:api_key}</c> that in base64, <c>{basic:user:password}</c> two of them in
/// HTTP's basic form.
/// </summary>
internal static partial class CredentialTemplate
{
    /// <summary>Credentials that a text names.</summary>
    public static IEnumerable<string> Names(string template) => Places().Matches(template).SelectMany(NamesOf);

    /// <summary>The text with the current values.</summary>
    /// <returns>It, or <c>credential-missing</c>.</returns>
    public static Outcome<string> Fill(string template, OpenCredentials credentials)
    {
        if (Names(template).FirstOrDefault(name => credentials.Of(name).Count == 0) is { } missing)
            return new Refusal("credential-missing", $"The adapter has no credential '{missing}', which the question needs.");
        return Places().Replace(
            template,
            place =>
            {
                var value = string.Join(':', NamesOf(place).Select(name => credentials.Of(name)[0]));
                return place.Groups["plain"].Success ? value : Convert.ToBase64String(Encoding.UTF8.GetBytes(value));
            });
    }

    private static IEnumerable<string> NamesOf(Match place) =>
        ((string[])["plain", "coded", "user", "password"]).Select(name => place.Groups[name]).Where(group => group.Success).Select(group => group.Value);

    [GeneratedRegex(
        @"\{(?:(?<plain>[a-z_]+)|base64:(?<coded>[a-z_]+)|basic:(?<user>[a-z_]+):(?<password>[a-z_]+))\}", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1_000)]
    private static partial Regex Places();
}
