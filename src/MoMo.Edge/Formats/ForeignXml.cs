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

    /// <summary>What is wrong with XML, for whoever sent it: a document type is nobody's setting to change.</summary>
    public static string Explain(XmlException fault) => fault.Message.Contains("DTD", StringComparison.Ordinal)
        ? "It has a document type (DTD), which is never read: it could fetch files and grow without end."
        : ForeignText.Clean(fault.Message, ForeignText.DetailMax) ?? "Not well-formed XML.";
}
