using MoMo.Bench.Hub;
using MoMo.Bench.Load;

namespace MoMo.Bench.Rows;

/// <summary>
/// What MoMo is measured against: a table with exactly the columns, checks and indexes of <c>payments</c>, and with what makes a psp_reference
/// unique, for which MoMo has a table of its own. Neither proofs, deliveries, heads nor triggers: PostgreSQL does less here than MoMo asks of it.
/// </summary>
internal static class PlainTable
{
    public const string Create =
        """
        CREATE TABLE plain_payments (LIKE payments INCLUDING ALL);
        CREATE UNIQUE INDEX plain_payments_key ON plain_payments (psp_id, psp_reference)
        """;

    /// <summary>
    /// COPY of rows from a file, which is written before the time is taken. The server reads it itself: no client takes a part of the processor,
    /// and nothing is sent. The strongest opponent there is.
    /// </summary>
    public static async Task<LoadResult> CopyAsync(Stage stage, HubDatabase database, int rows, CancellationToken cancellation)
    {
        var file = Path.Combine(stage.MakeFolder("copy"), "rows.txt");
        await RowFile.WriteAsync(file, "", Payments.Copy, stage.TakeNumbers(rows), rows, stage.Scale.Accounts, cancellation);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        try
        {
            var began = TimeProvider.System.GetTimestamp();
            await database.DoAsync($"COPY plain_payments FROM '{file}'", cancellation);
            return new LoadResult { PerSecond = rows / TimeProvider.System.GetElapsedTime(began).TotalSeconds };
        }
        finally
        {
            File.Delete(file);
        }
    }
}
