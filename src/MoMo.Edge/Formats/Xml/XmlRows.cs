using System.Text;
using System.Xml;

namespace MoMo.Edge.Formats.Xml;

/// <summary>Walks a file, one row in memory at a time.</summary>
internal sealed class XmlRows(XmlReader xml, GuardedStream guard, string row, XmlFields fields, CancellationToken cancellation)
{
    private const int DepthMax = 64;

    /// <summary>Longer paths have no values.</summary>
    private const int PathMax = 256;
    private const int NodesMax = 100_000;
    private const int LettersMax = 1 << 20;
    private readonly StringBuilder path = new();
    private readonly Stack<(int PathLength, int Field, StringBuilder? Text)> open = new();
    private int nodes, letters, rowDepth = -1;

    /// <summary>Reads to the end of the next row; false at the end of the file.</summary>
    public async ValueTask<bool> NextAsync()
    {
        (nodes, letters) = (0, 0);
        fields.Clear();
        while (await ReadAsync())
        {
            if (xml.NodeType == XmlNodeType.Element)
            {
                var empty = xml.IsEmptyElement;
                Open();
                if (empty && Close()) return true;
            }
            else if (xml.NodeType is XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace)
            {
                await AppendAsync();
            }
            else if (xml.NodeType == XmlNodeType.EndElement && Close())
            {
                return true;
            }
        }

        return false;
    }

    private void Open()
    {
        var before = path.Length;
        if (rowDepth < 0)
        {
            // Outside of a row paths are the document's, with a slash before.
            path.Append('/').Append(xml.LocalName);
            if (before == 0) CheckRoot();
            if (IsRow())
            {
                (rowDepth, nodes, letters) = (open.Count, 0, 0);
                fields.Clear();
                open.Push((before, fields.Find("."), null));
                path.Clear();
                Attributes();
                return;
            }

            ClearBelow();
        }
        else
        {
            if (path.Length > 0) path.Append('/');
            path.Append(xml.LocalName);
        }

        open.Push((before, Find(), null));
        Attributes();
    }

    private void CheckRoot()
    {
        var slash = row.IndexOf('/', StringComparison.Ordinal);
        if (!xml.LocalName.AsSpan().Equals(slash < 0 ? row : row.AsSpan(0, slash), StringComparison.OrdinalIgnoreCase))
            throw new FileFaultException("document-unknown", $"The file's root is '{ForeignText.Clean(xml.LocalName, 100)}'; rows are looked for at '{row}'.");
    }

    private bool IsRow() => path.Length == row.Length + 1 && path.ToString(1, row.Length).Equals(row, StringComparison.OrdinalIgnoreCase);

    /// <summary>Closes an element; true when it was a row.</summary>
    private bool Close()
    {
        var (pathLength, field, text) = open.Pop();
        if (field >= 0) fields.Set(field, text?.ToString().Trim() ?? "");
        if (open.Count == rowDepth)
        {
            rowDepth = -1;
            path.Clear().Append('/').Append(row);
            path.Length = pathLength;
            return true;
        }

        path.Length = pathLength;
        return false;
    }

    private void Attributes()
    {
        if (!xml.MoveToFirstAttribute()) return;
        do
        {
            var before = path.Length;
            if (path.Length > 0) path.Append('/');
            path.Append('@').Append(xml.LocalName);
            if (Find() is >= 0 and var field) fields.Set(field, xml.Value.Trim());
            path.Length = before;
            letters += xml.Value.Length;
        }
        while (xml.MoveToNextAttribute());
        xml.MoveToElement();
        Check();
    }

    private async ValueTask AppendAsync()
    {
        if (open.Count == 0 || open.Peek() is not { Field: >= 0 } top) return;
        var more = await xml.GetValueAsync();
        letters += more.Length;
        Check();
        if (top.Text is { } text)
        {
            text.Append(more);
            return;
        }

        open.Pop();
        open.Push(top with { Text = new StringBuilder(more) });
    }

    private void ClearBelow()
    {
        Span<char> whole = stackalloc char[PathMax];
        if (path.Length > whole.Length) return;
        path.CopyTo(0, whole, path.Length);
        fields.Clear(whole[..path.Length]);
    }

    private int Find()
    {
        Span<char> whole = stackalloc char[PathMax];
        if (path.Length > whole.Length) return -1;
        path.CopyTo(0, whole, path.Length);
        return fields.Find(whole[..path.Length]);
    }

    private async ValueTask<bool> ReadAsync()
    {
        cancellation.ThrowIfCancellationRequested();
        if (!await xml.ReadAsync()) return false;
        guard.Progress();
        nodes++;
        if (xml.Depth > DepthMax) throw new FileFaultException("xml-too-deep", $"Elements are nested deeper than {DepthMax}.");
        Check();
        return true;
    }

    private void Check()
    {
        if ((rowDepth >= 0 && nodes > NodesMax) || letters > LettersMax)
            throw new FileFaultException("row-too-large", $"A row holds more than {NodesMax:N0} elements or {LettersMax:N0} characters.");
    }
}
