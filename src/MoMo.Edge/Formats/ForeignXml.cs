using System.Xml;

namespace MoMo.Edge.Formats;

/// <summary>XML that others wrote: no DTD, nothing fetched, no name that is kept for ever.</summary>
internal static class ForeignXml
{
    /// <summary>A reader of a file; comments and processing instructions are passed over.</summary>
    public static XmlReader Open(GuardedStream file)
    {
        // Declared code pages such as windows-1252 are known only once their provider is registered.
        _ = Windows1252Fallback.Utf8;
        return XmlReader.Create(file, new XmlReaderSettings
        {
            Async = true,
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            NameTable = new BoundedNames(),
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
        });
    }

    /// <summary>
    /// What is wrong with XML, in the hub's own words, for whoever sent it: a document type is nobody's setting to change, and the reader's words speak of
    /// its insides.
    /// </summary>
    public static string Explain(XmlException fault) => fault.Message.Contains("DTD", StringComparison.Ordinal)
        ? "It has a document type (DTD), which is never read: it could fetch files and grow without end."
        : fault.LineNumber > 0
            ? $"It is not well-formed at line {fault.LineNumber}, character {fault.LinePosition}."
            : "It is not well-formed: an element that holds all is missing, or does not end.";
}
