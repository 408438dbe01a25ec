using System.Globalization;
using MoMo.Bench.Rows;
using Npgsql;

namespace MoMo.Bench.Hub;

/// <summary>
/// Fills a hub's database with payments that were taken long ago and delivered since: payments, keys, deliveries, heads and packs agree with each
/// other, as <c>momo verify</c> checks. Only the packs hold no messages.
/// </summary>
internal sealed class Filling(HubDatabase database, int accounts)
{
    private const int RowsAtOnce = 250_000;
    private const int MessagesInPack = 4_096;

    private const string Numbers = "generate_series($1::bigint, $2::bigint) n";
    private const string Reference = "'F' || lpad(n::text, 14, '0')";

    /// <summary>Adds so many payments, a multiple of the accounts. The database has none yet.</summary>
    public async Task RunAsync(int rows, Action<double> progress, CancellationToken cancellation)
    {
        await database.DoAsync(
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                INSERT INTO proof_packs (id, body) SELECT n, '\x00' FROM generate_series(1, {rows / MessagesInPack + 1}) n;
                SELECT setval('proof_packs_id_seq', {rows / MessagesInPack + 1});
                """),
            cancellation);
        // Two connections, one for each core that a small machine has: payments and the rest are about as much work.
        long done = 0;
        void Report(long count) => progress((double)Interlocked.Add(ref done, count) / rows / 2);
        await Task.WhenAll(
            FillAsync([PaymentRows()], rows, Report, cancellation), FillAsync([KeyRows, DeliveryRows()], rows, Report, cancellation));
        await database.DoAsync(
            string.Create(CultureInfo.InvariantCulture, $"UPDATE account_heads SET sequence = {rows / accounts}; UPDATE lane_marks SET mark = {rows / accounts}"), cancellation);
        await database.DoAsync("VACUUM (ANALYZE) payments, payment_keys, delivery_rows, account_heads", cancellation);
        await database.SettleAsync(cancellation);
    }

    private async Task FillAsync(string[] statements, int rows, Action<long> report, CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(database.OwnerConnectionString);
        await connection.OpenAsync(cancellation);
        await using (var quick = new NpgsqlCommand("SET synchronous_commit = off", connection)) await quick.ExecuteNonQueryAsync(cancellation);
        for (long first = 0; first < rows; first += RowsAtOnce)
        {
            var last = Math.Min(first + RowsAtOnce, rows) - 1;
            foreach (var statement in statements)
            {
                await using var command = new NpgsqlCommand(statement, connection)
                {
                    CommandTimeout = 0, Parameters = { new() { Value = first }, new() { Value = last } },
                };
                await command.ExecuteNonQueryAsync(cancellation);
            }

            report(last - first + 1);
        }
    }

    /// <summary>Ids of version 7, older than any that is made now.</summary>
    private static string Id(string prefix) => $"('{prefix}' || lpad(to_hex(n), 10, '0') || '7000800000000000')::uuid";

    private string Account => string.Create(CultureInfo.InvariantCulture, $"'{Payments.AccountPrefix}' || lpad((n % {accounts})::text, 4, '0')");

    private string Customer => string.Create(
        CultureInfo.InvariantCulture, $"'meter-' || lpad((n % {accounts})::text, 4, '0') || '-' || (n / {accounts} % 10)");

    private string PaymentRows() => string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        INSERT INTO payments (id, psp_id, psp_reference, account_id, sequence, reference_id, amount_minor, currency, paid_at, paid_day_only, received_at,
            given_account, given_reference, payer, decision, proof_pack, proof_position, proof_sha256)
        SELECT {{Id("01900a")}}, '{{Payments.Psp}}', {{Reference}}, {{Account}}, n / {{accounts}} + 1, {{Customer}}, 1000050 + n % 10000 * 100, 'KES',
            '2026-01-15 06:30:47+00', false, '2026-01-15 06:30:48+00', {{Account}}, {{Customer}}, '{"name":"JANE WANJIKU","phone":"254700000001"}',
            '[{"rule":"account","verdict":"Found","account_id":"' || {{Account}} || '","reference_id":"' || {{Customer}} || '"}]',
            n / {{MessagesInPack}} + 1, n % {{MessagesInPack}}, sha256(n::text::bytea)
        FROM {{Numbers}}
        """);

    private static string KeyRows => $"""
        INSERT INTO payment_keys (psp_id, psp_reference, payment_id) SELECT '{Payments.Psp}', {Reference}, {Id("01900a")} FROM {Numbers}
        """;

    private string DeliveryRows() => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        INSERT INTO delivery_rows (id, lane, payment_id, account_id, sequence, state, attempts, due_at, created_at, attempted_at, delivered_at, last_status)
        SELECT {Id("01900b")}, d.lane, {Id("01900a")}, d.account_id, n / {accounts} + 1, 'delivered', 1,
            '2026-01-15 06:30:48+00', '2026-01-15 06:30:48+00', '2026-01-15 06:30:49+00', '2026-01-15 06:30:49+00', 200
        FROM {Numbers} JOIN destinations d ON d.account_id = {Account}
        """);
}
