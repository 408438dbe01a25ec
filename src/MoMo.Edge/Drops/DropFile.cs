using System.Globalization;
using MoMo.Domain.Deliveries;

namespace MoMo.Edge.Drops;

/// <summary>Deliveries as a file.</summary>
internal static class DropFile
{
    /// <summary>
    /// The file's name: of what is in it, so that an attempt that comes again replaces what the one before may have left, and nothing else does. A silo that
    /// lost the lane, and wakes up in the middle of an attempt, must not put fewer in the place of more. And of the first one's round: what a person asks for
    /// again has a name of its own.
    /// </summary>
    public static string Name(DropSettings settings, IReadOnlyList<DeliveryMessage> messages)
    {
        var first = messages[0];
        var round = first.Due?.RoundStart is > 0 and var start ? string.Create(CultureInfo.InvariantCulture, $"-r{start}") : "";
        return string.Create(CultureInfo.InvariantCulture, $"{settings.Prefix}{first.Due?.Sequence ?? 0:D12}-{BatchKey.Of(messages)}{round}.{settings.Format}");
    }

    public static byte[] Write(string format, IReadOnlyList<DeliveryMessage> messages)
    {
        using var file = new MemoryStream();
        if (format == "csv") file.Write(EventRow.Header);
        foreach (var message in messages)
        {
            if (format == "csv")
            {
                file.Write(EventRow.Of(message));
                continue;
            }

            file.Write(EventLine.Of(message));
            file.Write("\n"u8);
        }

        return file.ToArray();
    }
}
