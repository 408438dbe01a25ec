using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using MoMo.Domain.Callbacks;
using MoMo.Edge.Webhooks;
using MoMo.Engine;

namespace MoMo.Edge.Questions;

/// <summary>The request that a token is had with.</summary>
internal static class TokenRequest
{
    /// <returns>The request, or <c>credential-missing</c>.</returns>
    public static Outcome<HttpRequestMessage> Make(TokenManner manner, Uri url, OpenCredentials credentials)
    {
        var request = GuardedHttp.Request(manner.ByGet ? HttpMethod.Get : HttpMethod.Post, url);
        var refused = Put(manner.Headers, credentials, (name, value) => request.Headers.TryAddWithoutValidation(name, value));
        if (manner.Json is { } json)
        {
            Dictionary<string, string> body = [];
            refused ??= Put(json, credentials, body.Add);
            request.Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        }
        else if (manner.Form is { } form)
        {
            Dictionary<string, string> body = [];
            refused ??= Put(form, credentials, body.Add);
            request.Content = new FormUrlEncodedContent(body);
        }
        else if (!manner.ByGet)
        {
            request.Content = new ByteArrayContent([]);
        }

        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (refused is null) return request;
        request.Dispose();
        return refused;
    }

    /// <summary>Fills texts that name credentials.</summary>
    /// <returns>Null, or <c>credential-missing</c>.</returns>
    public static Refusal? Put(IEnumerable<KeyValuePair<string, string>> texts, OpenCredentials credentials, Action<string, string> put)
    {
        foreach (var (name, template) in texts)
        {
            var filled = CredentialTemplate.Fill(template, credentials);
            if (filled.Accepted is not { } value) return filled.Refused;
            put(name, value);
        }

        return null;
    }
}
