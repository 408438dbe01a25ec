using System.Text;

namespace MoMo.Bench.Rows;

/// <summary>Writes many rows of one template.</summary>
internal static class RowFile
{
    private const int RowsAtOnce = 1_000;

    public static async Task WriteAsync(
        string path, string header, string row, long first, int rows, int accounts, CancellationToken cancellation)
    {
        var template = new Template(row, accounts);
        var piece = new byte[template.Length * RowsAtOnce];
        for (var place = 0; place < RowsAtOnce; place++) template.CopyTo(piece.AsSpan(place * template.Length));

        await using var file = File.Create(path);
        await file.WriteAsync(Encoding.UTF8.GetBytes(header), cancellation);
        for (var done = 0; done < rows; done += RowsAtOnce)
        {
            var count = Math.Min(RowsAtOnce, rows - done);
            for (var place = 0; place < count; place++)
                template.Fill(piece.AsSpan(place * template.Length, template.Length), first + done + place);
            await file.WriteAsync(piece.AsMemory(0, count * template.Length), cancellation);
        }
    }
}
