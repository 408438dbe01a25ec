namespace MoMo.Client;

/// <summary>One part of an address's path.</summary>
internal static class Segment
{
    /// <summary>Escapes an id, so that it stays one part of the path whatever it holds.</summary>
    /// <exception cref="ArgumentException">It is empty, or <c>.</c> or <c>..</c>, which would name another resource.</exception>
    public static string Of(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        if (string.IsNullOrWhiteSpace(id)) throw new ArgumentException("An id is not empty.", nameof(id));
        if (id is "." or "..") throw new ArgumentException($"'{id}' can't be an id.", nameof(id));
        return Uri.EscapeDataString(id);
    }
}
