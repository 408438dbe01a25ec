using System.Text.Json;

namespace MoMo.Client.Wire;

/// <summary>An adapter to create or change: one connection to one PSP.</summary>
public sealed record AdapterSpec
{
    /// <summary>1 to 64 of a-z, 0-9, '.', '_' and '-'. Can't be changed.</summary>
    public string? Id { get; init; }

    /// <summary>Unique; 1 to 100 characters.</summary>
    public required string Name { get; init; }

    /// <summary>The PSP it connects to. Can't be changed.</summary>
    public required string Psp { get; init; }

    /// <summary>
    /// <c>json</c> (default), <c>mpesa-c2b</c>, <c>camt.052</c>, <c>camt.053</c>, <c>camt.054</c>, <c>mt940</c>, <c>mt942</c>, <c>ofx</c>, <c>csv</c> or
    /// <c>xml</c>.
    /// </summary>
    public string Format { get; init => field = value ?? "json"; } = "json";

    /// <summary>
    /// Settings of the format: for <c>csv</c> its columns, for <c>xml</c> its fields, for bank statements time zone or encoding, for
    /// <c>mpesa-c2b</c> its address list. A JSON object.
    /// </summary>
    public JsonElement? Settings { get; init; }

    /// <summary>Routing rules in order; null for the standard ones.</summary>
    public IReadOnlyList<JsonElement>? Rules { get; init; }

    /// <summary>Archived adapters take nothing, but keep their history.</summary>
    public bool Archived { get; init; }
}
