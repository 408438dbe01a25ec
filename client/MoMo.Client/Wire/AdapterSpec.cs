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
    /// <c>live</c> (default for a new one) or <c>test</c>: test money reaches test accounts only, and its psp_reference begins with <c>test:</c>. Can't be
    /// changed.
    /// </summary>
    public string? Mode { get; init; }

    /// <summary>
    /// <c>json</c> (default for a new one; one that is changed keeps its own); of files <c>json-list</c>, <c>mpesa-pull</c>, <c>camt.052</c>,
    /// <c>camt.053</c>, <c>camt.054</c>, <c>mt940</c>, <c>mt942</c>, <c>ofx</c>, <c>csv</c> or <c>xml</c>; or what a PSP calls back with, such as
    /// <c>mpesa-c2b</c> or <c>paystack</c>.
    /// </summary>
    public string? Format { get; init; }

    /// <summary>
    /// Settings of the format: for <c>csv</c> its columns, for <c>xml</c> its fields, for bank statements time zone or encoding, for
    /// <c>mpesa-c2b</c> its address list, for PSPs whose callbacks only ring how they are asked (<c>status_url</c>). A JSON object.
    /// </summary>
    public JsonElement? Settings { get; init; }

    /// <summary>
    /// What the adapter shares with its PSP, by the names that its format knows: kept encrypted, never shown again. What is not named stays; null
    /// takes one away at once. One that new settings send to another scheme, host or port must be given again. The list that an answer shows may be
    /// sent back, and says nothing.
    /// </summary>
    public IReadOnlyDictionary<string, string?>? Credentials { get; init; }

    /// <summary>Seconds that a credential which is replaced stays valid beside the new one, and older ones at most: 0 to 2,592,000 (30 days); 86,400
    /// by default.</summary>
    public int? CredentialOverlapSeconds { get; init; }

    /// <summary>Routing rules in order; null for the standard ones.</summary>
    public IReadOnlyList<JsonElement>? Rules { get; init; }

    /// <summary>Archived adapters take nothing, but keep their history.</summary>
    public bool Archived { get; init; }
}
