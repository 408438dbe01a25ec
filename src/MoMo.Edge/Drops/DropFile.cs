using System.Globalization;
using MoMo.Domain.Deliveries;

namespace MoMo.Edge.Drops;

/// <summary>Deliveries as a file.</summary>
internal static class DropFile
{
    /// <summary>
    /// The file's name: of the first delivery, so that an attempt that comes again replaces what the one before may have left; and of its round, so
    /// that what a person asks for again, in other company, does not replace what has arrived.
    /// </summary>
    public static string Name(DropSettings settings, DeliveryMessage first)
    {
        var round = first.Due?.RoundStart is > 0 and var start ? string.Create(CultureInfo.InvariantCulture, $"-r{start}") : "";
        return string.Create(CultureInfo.InvariantCulture, $"{settings.Prefix}{first.Due?.Sequence ?? 0:D12}-{first.DeliveryId}{round}.{settings.Format}");
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
