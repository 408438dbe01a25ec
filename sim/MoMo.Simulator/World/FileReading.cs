using MoMo.Domain.Payments;

namespace MoMo.Simulator.World;

/// <summary>A file that an adapter reads: its lines, and on disk beside it how many of them the hub has acknowledged.</summary>
/// <param name="Number">Which file.</param>
/// <param name="Lines">What it says, in order.</param>
/// <param name="Pace">How long the adapter takes for a line.</param>
internal sealed record FileReading(int Number, IReadOnlyList<PaymentNotice> Lines, TimeSpan Pace)
{
    /// <summary>All lines before this one are acknowledged; it survives the adapter.</summary>
    public int Mark { get; set; }

    public bool IsRead => Mark == Lines.Count;
}
