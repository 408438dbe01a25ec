using System.Text.Encodings.Web;
using System.Text.Json;
using MoMo.Client.Wire;

namespace MoMo.Silo.Api;

/// <summary>Wire records as the API writes them: letters stay letters, for nothing of it is ever put into a page.</summary>
internal static class ApiJson
{
    public static readonly MoMoJson Default = new(new JsonSerializerOptions(MoMoJson.Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
