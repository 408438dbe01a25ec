using System.Xml;

namespace MoMo.Edge.Formats;

/// <summary>
/// The names of an XML file's elements, attributes and prefixes. A reader keeps every one of them until the file ends, so a file in which each
/// name is new would take as much memory as it is long.
/// </summary>
internal sealed class BoundedNames : NameTable
{
    private const int LettersMax = 1 << 20;
    private int letters;

    public override string Add(string key) => Get(key) ?? Counted(base.Add(key));

    public override string Add(char[] key, int start, int len) => Get(key, start, len) ?? Counted(base.Add(key, start, len));

    private string Counted(string name)
    {
        letters += name.Length;
        return letters <= LettersMax ? name
            : throw new FileFaultException("names-too-many", $"The names of all elements together have more than {LettersMax:N0} characters.");
    }
}
