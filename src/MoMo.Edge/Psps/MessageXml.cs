using System.Xml;
using System.Xml.Linq;
using MoMo.Edge.Formats;
using MoMo.Engine;

namespace MoMo.Edge.Psps;

/// <summary>Reads the body of an XML message: no DTD, nothing resolved, and limits to its size and depth.</summary>
internal static class MessageXml
{
    private const int DepthMax = 16;

    /// <summary>The root element.</summary>
    /// <returns>It; or <c>body-too-large</c>, <c>xml-malformed</c>.</returns>
    public static Outcome<XElement> Parse(ReadOnlyMemory<byte> body)
    {
        if (body.Length > MessageJson.BodyMax) return new Refusal("body-too-large", $"A message has at most {MessageJson.BodyMax} bytes.");
        try
        {
            using var deep = Reader(body);
            while (deep.Read())
            {
                if (deep.Depth > DepthMax) return new Refusal("xml-malformed", $"The body is nested deeper than {DepthMax} elements.");
            }

            using var reader = Reader(body);
            return XElement.Load(reader);
        }
        catch (Exception e) when (e is XmlException or ArgumentException or InvalidOperationException)
        {
            var why = e is XmlException xml ? ForeignXml.Explain(xml) : "It holds a name or character that XML has not.";
            return new Refusal("xml-malformed", $"The body is no XML that can be trusted. {why}");
        }
    }

    private static XmlReader Reader(ReadOnlyMemory<byte> body) => XmlReader.Create(
        new MemoryStream(body.ToArray(), writable: false),
        new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = MessageJson.BodyMax });
}
