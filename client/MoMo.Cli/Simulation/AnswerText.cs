using System.Text.Json;
using System.Xml;
using System.Xml.Linq;

namespace MoMo.Cli.Simulation;

/// <summary>Looks up one word of an answer. What can't be read has none.</summary>
internal static class AnswerText
{
    /// <summary>A field of a JSON object, as text.</summary>
    public static string? Json(string body, string field)
    {
        try
        {
            using var answer = JsonDocument.Parse(body);
            return answer.RootElement.ValueKind == JsonValueKind.Object && answer.RootElement.TryGetProperty(field, out var value) ? value.ToString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The text of the first element of this name, in whatever namespace.</summary>
    public static string? Xml(string body, string element)
    {
        try
        {
            return XElement.Parse(body).DescendantsAndSelf().FirstOrDefault(one => one.Name.LocalName == element)?.Value;
        }
        catch (XmlException)
        {
            return null;
        }
    }
}
