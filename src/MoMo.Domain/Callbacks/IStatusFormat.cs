using MoMo.Domain.Files;

namespace MoMo.Domain.Callbacks;

/// <summary>
/// How a PSP is asked how a payment stands, and how its answers are read: after callbacks that only ring, or were lost. Pure, as
/// <see cref="ICallbackFormat"/> is; the hub asks, keeps the answer's bytes, and records what is read.
/// </summary>
public interface IStatusFormat
{
    /// <summary>How it wants to be asked; null when its answers can be read, but the hub can't ask.</summary>
    StatusManner? Manner { get; }

    /// <summary>Headers that sign one question.</summary>
    /// <param name="by">What the payment is asked for by: one of <see cref="StatusManner.AskedBy"/>.</param>
    /// <param name="reference">The payment.</param>
    /// <param name="at">When it is asked.</param>
    /// <param name="source">The adapter that asks.</param>
    IReadOnlyDictionary<string, string> Sign(string by, string reference, DateTimeOffset at, CallbackSource source) => new Dictionary<string, string>();

    /// <summary>Which payment an answer names: an answer about another one than was asked for makes no payment.</summary>
    /// <param name="body">The raw answer.</param>
    /// <param name="by">What the payment was asked for by.</param>
    /// <returns>Null when it can't be read, or the PSP's answers never tell; empty when they do, but this one doesn't: it makes no payment either.</returns>
    string? Named(ReadOnlyMemory<byte> body, string by);

    /// <summary>Reads an answer that was fetched from the PSP itself, as <see cref="ICallbackFormat.Read"/> reads a message.</summary>
    /// <param name="body">The raw answer.</param>
    /// <param name="source">The adapter that asked.</param>
    IReadOnlyList<Entry> ReadStatus(ReadOnlyMemory<byte> body, CallbackSource source);
}
