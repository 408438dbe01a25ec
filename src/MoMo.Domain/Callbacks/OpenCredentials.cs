namespace MoMo.Domain.Callbacks;

/// <summary>An adapter's credentials in plain text, for as long as one message is looked at. Not a record, so that nothing prints it.</summary>
public sealed class OpenCredentials
{
    private readonly Dictionary<string, List<string>> values = new(StringComparer.Ordinal);

    /// <summary>None.</summary>
    public static OpenCredentials None { get; } = new([]);

    /// <summary>Credentials by name: the current value first, then older ones that are still valid.</summary>
    public OpenCredentials(IEnumerable<(string Name, string Value)> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        foreach (var (name, value) in values)
        {
            if (!this.values.TryGetValue(name, out var all)) this.values[name] = all = [];
            all.Add(value);
        }
    }

    /// <summary>The names of those that are set.</summary>
    public IReadOnlyCollection<string> Names => values.Keys;

    /// <summary>All values of a credential that are valid now; none when it is not set.</summary>
    public IReadOnlyList<string> Of(string name) => values.TryGetValue(name, out var all) ? all : [];

    /// <summary>Whether a text holds any of the values: such a text is neither kept nor logged.</summary>
    public bool AppearIn(string text) => values.Values.Any(all => all.Exists(value => text.Contains(value, StringComparison.Ordinal)));
}
