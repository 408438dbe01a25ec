using System.Text.Json;
using MoMo.Engine;

namespace MoMo.Domain.Deliveries;

/// <summary>
/// A kind of destination that has settings of its own and takes several deliveries at once. One batch of a lane is on its way at a time, in the order
/// of the account's numbers, so no order that was promised can be broken.
/// </summary>
public interface IBatchKind : IDestinationKind
{
    /// <summary>The secrets that it can use, such as <c>password</c>; empty for none.</summary>
    IReadOnlyList<string> Credentials { get; }

    /// <summary>Where a destination leads, for people, or all that is wrong with it.</summary>
    /// <param name="account">Whose it is.</param>
    /// <param name="url">What was given as <c>url</c>; null when nothing was.</param>
    /// <param name="settings">A JSON object, or undefined.</param>
    Outcome<Uri> Locate(string account, string? url, JsonElement settings);

    /// <summary>Whether a destination with these settings, which <see cref="Locate"/> took, can't do without credentials.</summary>
    bool NeedsCredentials(JsonElement settings) => false;

    /// <summary>What is wrong with credentials, as far as can be told without asking who gets them.</summary>
    /// <param name="settings">Settings that need them.</param>
    /// <param name="credentials">All of them, by name.</param>
    /// <param name="cancellation">Ends the look.</param>
    /// <returns>The fault, whose field is <c>credentials</c> or below; null when none is found. It holds nothing of the secrets.</returns>
    /// <exception cref="HubBusyException">Too many are being looked at.</exception>
    Task<FieldFault?> FindFaultAsync(JsonElement settings, IReadOnlyDictionary<string, string> credentials, CancellationToken cancellation) =>
        Task.FromResult<FieldFault?>(null);

    /// <summary>How deliveries are gathered; of settings that can't be used, one at a time.</summary>
    BatchRule Batch(JsonElement settings);

    /// <summary>Waits until a batch may be tried: there may be more destinations than can be served at once. At once by default.</summary>
    /// <param name="to">The destination.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>Disposed of when the batch was tried; null where nobody waits.</returns>
    Task<IDisposable?> TurnAsync(LaneDestination to, CancellationToken cancellation) => Task.FromResult<IDisposable?>(null);

    /// <summary>Tries once, all or none. Never throws for what the receiver does; only when <paramref name="cancellation"/> asks for it.</summary>
    /// <param name="messages">From 1 to as many as <see cref="Batch"/> allows, of one destination, which each of them names.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    /// <returns>The outcome of all of them.</returns>
    Task<AttemptResult> SendAsync(IReadOnlyList<DeliveryMessage> messages, CancellationToken cancellation);

    /// <inheritdoc/>
    Task<AttemptResult> IDestinationKind.SendAsync(DeliveryMessage message, CancellationToken cancellation) => SendAsync([message], cancellation);
}
