using System.Text.Json;

namespace MoMo.Client.Wire;

/// <summary>How an account is told of its payments: to create or change.</summary>
public sealed record DestinationSpec
{
    /// <summary>1 to 64 of a-z, 0-9, '.', '_' and '-', unique in its account. Can't be changed.</summary>
    public string? Id { get; init; }

    /// <summary><c>webhook</c>, <c>email</c> or <c>file</c>.</summary>
    public string Kind { get; init => field = value ?? "webhook"; } = "webhook";

    /// <summary>
    /// Where to: of a webhook http or https, unique in the hub; of an e-mail <c>mailto:</c>, unless its settings have the address; else none. As an answer
    /// showed it, it may be sent back with any kind.
    /// </summary>
    public string? Url { get; init; }

    /// <summary>
    /// Settings of the kind, a JSON object. <c>email</c>: <c>address</c>, <c>batch</c>. <c>file</c>: <c>path</c>, <c>format</c> (<c>ndjson</c> or
    /// <c>csv</c>), <c>prefix</c>, <c>batch</c>, and for SFTP <c>host</c>, <c>port</c>, <c>user</c>, <c>host_key</c>. A webhook has none.
    /// </summary>
    public JsonElement? Settings { get; init; }

    /// <summary>
    /// Secrets of the kind, a JSON object: for SFTP <c>password</c>, or <c>private_key</c> and <c>passphrase</c>. Kept encrypted and never shown; null
    /// keeps those that are there; when the host or port changes that they are sent to, they must be given again.
    /// </summary>
    public JsonElement? Credentials { get; init; }

    /// <summary>Paused destinations keep what is due and send nothing.</summary>
    public bool Paused { get; init; }

    /// <summary>
    /// What a delivery that does not arrive holds back: <c>reference</c> (the default), later payments of the same reference; <c>account</c>, everything
    /// later; <c>none</c>, nothing.
    /// </summary>
    public string Order { get; init => field = value ?? "reference"; } = "reference";

    /// <summary>
    /// Seconds between attempts: 1 to 20 waits, each from 1 to 172,800, together at most 1,209,600. The standard's ten attempts in 75 hours by default.
    /// </summary>
    public IReadOnlyList<int>? RetryWaits { get; init; }

    /// <summary>Attempts in flight at most, from 1 to 64; as the hub has it by default.</summary>
    public int? MaxConcurrency { get; init; }

    /// <summary>Attempts each second at most, from 0.1 to 10,000; no limit by default.</summary>
    public double? RatePerSecond { get; init; }

    /// <summary>Whether sending is suspended while most attempts fail; true by default.</summary>
    public bool? Breaker { get; init; }

    /// <summary>
    /// What it is told of: <c>payment.accepted</c>, <c>payment.assigned</c>, <c>payment.reversed</c>, <c>adapter.state</c>. All about payments by default.
    /// </summary>
    public IReadOnlyList<string>? Events { get; init; }

    /// <summary>Currencies it is told of; all by default.</summary>
    public IReadOnlyList<string>? Currencies { get; init; }

    /// <summary>PSPs it is told of, of those that there are; all by default.</summary>
    public IReadOnlyList<string>? Psps { get; init; }

    /// <summary>How deliveries are signed: <c>v1</c> (HMAC-SHA256, the default) or <c>v1a</c> (ed25519). Only to create a webhook.</summary>
    public string? Signing { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"DestinationSpec {Kind} {Id}";
}
