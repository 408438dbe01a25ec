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
}
