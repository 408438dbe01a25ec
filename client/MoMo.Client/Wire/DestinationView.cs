using System.Text.Json;

namespace MoMo.Client.Wire;

/// <summary>How an account is told of its payments.</summary>
public sealed record DestinationView
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>Whose.</summary>
    public required string AccountId { get; init; }

    /// <summary><c>webhook</c>, <c>email</c> or <c>file</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Where to; of an e-mail <c>mailto:</c>, of files <c>file:</c> or <c>sftp:</c>.</summary>
    public required string Url { get; init; }

    /// <summary>Settings of the kind; null for none.</summary>
    public JsonElement? Settings { get; init; }

    /// <summary>Whether there are credentials; they are never shown.</summary>
    public bool HasCredentials { get; init; }

    /// <summary>Paused destinations keep what is due and send nothing.</summary>
    public bool Paused { get; init; }

    /// <summary>
    /// Why the hub paused it by itself: <c>gone</c>, its receiver answered 410 Gone; <c>failing</c>, nothing arrived for days. Null when a person paused
    /// it, or it is not paused.
    /// </summary>
    public string? PausedReason { get; init; }

    /// <summary>What a delivery that does not arrive holds back: <c>reference</c>, <c>account</c> or <c>none</c>.</summary>
    public required string Order { get; init; }

    /// <summary>Seconds between attempts; null for the standard's schedule.</summary>
    public IReadOnlyList<int>? RetryWaits { get; init; }

    /// <summary>Attempts in flight at most; null for the hub's own limit.</summary>
    public int? MaxConcurrency { get; init; }

    /// <summary>Attempts each second at most; null for no limit.</summary>
    public double? RatePerSecond { get; init; }

    /// <summary>Whether sending is suspended while most attempts fail.</summary>
    public required bool Breaker { get; init; }

    /// <summary>What it is told of; null for all about payments.</summary>
    public IReadOnlyList<string>? Events { get; init; }

    /// <summary>Currencies it is told of; null for all.</summary>
    public IReadOnlyList<string>? Currencies { get; init; }

    /// <summary>PSPs it is told of; null for all.</summary>
    public IReadOnlyList<string>? Psps { get; init; }

    /// <summary>How deliveries are signed: <c>v1</c> (HMAC-SHA256), <c>v1a</c> (ed25519), or <c>none</c>.</summary>
    public required string Signing { get; init; }

    /// <summary>Verifies <c>v1a</c> signatures (<c>whpk_…</c>); null with <c>v1</c>.</summary>
    public string? PublicKey { get; init; }

    /// <summary>The public key before, which signs, too, while a rotation lasts.</summary>
    public string? OldPublicKey { get; init; }

    /// <summary>Until when the secret before signs, too; null when no rotation is running.</summary>
    public DateTimeOffset? RotationUntil { get; init; }

    /// <summary>The signing secret (<c>whsec_…</c>), shown once: in the answer that made it. Else null.</summary>
    public string? Secret { get; init; }

    /// <summary>How it fares; null in the answer to a change.</summary>
    public DestinationHealthView? Health { get; init; }

    /// <summary>When it was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Rises with each change; also the ETag.</summary>
    public required long Version { get; init; }
}
