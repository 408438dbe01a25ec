using System.Text.Json;
using MoMo.Client.Wire;

namespace MoMo.Client.Adapters;

/// <summary>A payment that was given and is not acknowledged yet. Its bytes are made once, so that it is the same however often it is sent.</summary>
internal sealed class PendingPayment(NewPayment payment) : TaskCompletionSource<BulkLine>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    private static readonly byte[] NewLine = "\n"u8.ToArray();

    /// <summary>The line that is sent, with its end.</summary>
    public ReadOnlyMemory<byte> Line { get; } = (byte[])[.. JsonSerializer.SerializeToUtf8Bytes(payment, MoMoJson.Default.NewPayment), .. NewLine];

    /// <summary>Its place among all that were given, from 1.</summary>
    public long Number { get; set; }

    /// <summary>How often the hub said that it has a fault.</summary>
    public int Faults { get; set; }
}
