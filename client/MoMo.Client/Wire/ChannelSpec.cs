using System.Text.Json;

namespace MoMo.Client.Wire;

/// <summary>How an adapter's files or messages are fetched: to create or change.</summary>
public sealed record ChannelSpec
{
    /// <summary><c>folder</c>, <c>sftp</c>, <c>ftp</c>, <c>imap</c> or <c>poll</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Settings of the kind, such as <c>host</c>, <c>user</c> and <c>path</c>. A JSON object.</summary>
    public JsonElement? Settings { get; init; }

    /// <summary>
    /// Its secrets, such as <c>{"password": "…"}</c>: kept encrypted and never shown again. Null keeps those that are there, unless the kind changes;
    /// when the scheme, host or port changes that they are sent to, they must be given again.
    /// </summary>
    public JsonElement? Secret { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"ChannelSpec {Kind}";
}
