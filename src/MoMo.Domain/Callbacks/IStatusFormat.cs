using MoMo.Domain.Files;

namespace MoMo.Domain.Callbacks;

/// <summary>Reads what a PSP answers when it is asked how a payment stands: for whoever asks after a lost or unsigned callback.</summary>
public interface IStatusFormat
{
    /// <summary>Reads an answer that was fetched from the PSP itself, as <see cref="ICallbackFormat.Read"/> reads a message.</summary>
    /// <param name="body">The raw answer.</param>
    /// <param name="source">The adapter that asked.</param>
    IReadOnlyList<Entry> ReadStatus(ReadOnlyMemory<byte> body, CallbackSource source);
}
