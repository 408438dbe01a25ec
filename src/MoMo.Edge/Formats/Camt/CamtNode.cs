using System.Text;

namespace MoMo.Edge.Formats.Camt;

/// <summary>One element of an entry, by its local name: prefixes and namespace versions do not matter below the document.</summary>
internal sealed class CamtNode(string name, string? currency)
{
    /// <summary>Children from which on the first of each name is kept at hand: a batch asks its entry once for each of its transactions.</summary>
    private const int ManyMin = 16;

    private List<CamtNode>? children;
    private Dictionary<string, CamtNode>? firsts;
    private StringBuilder? text;

    public string Name { get; } = name;

    /// <summary>The attribute Ccy.</summary>
    public string? Currency { get; } = currency;

    /// <summary>Trimmed; null when there is none.</summary>
    public string? Text => text?.ToString().Trim() is { Length: > 0 } trimmed ? trimmed : null;

    /// <summary>As it stands in the file.</summary>
    public string RawText => text?.ToString() ?? "";

    public void Add(CamtNode child)
    {
        (children ??= []).Add(child);
        if (children.Count < ManyMin) return;
        if (firsts is null)
        {
            firsts = [];
            foreach (var one in children) firsts.TryAdd(one.Name, one);
        }

        firsts.TryAdd(child.Name, child);
    }

    public void Add(string more) => (text ??= new StringBuilder()).Append(more);

    /// <summary>The first element below, by its path.</summary>
    public CamtNode? Find(params ReadOnlySpan<string> path)
    {
        var node = this;
        foreach (var step in path)
        {
            node = node.firsts is { } known ? known.GetValueOrDefault(step) : node.children?.Find(child => child.Name == step);
            if (node is null) return null;
        }

        return node;
    }

    public string? TextOf(params ReadOnlySpan<string> path) => Find(path)?.Text;

    public IEnumerable<CamtNode> All(string name) => children?.Where(child => child.Name == name) ?? [];
}
