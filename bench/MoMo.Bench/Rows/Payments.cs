namespace MoMo.Bench.Rows;

/// <summary>
/// The payments of a run in all the forms they are sent in. Each is one customer's of one account's, with a psp_reference that no other has;
/// 14 digits are room for all of a run. An account has ten customers.
/// </summary>
internal static class Payments
{
    /// <summary>Of the one PSP.</summary>
    public const string Psp = "bench";

    /// <summary>The adapter that reads <see cref="Csv"/>.</summary>
    public const string Adapter = "bench-csv";

    /// <summary>An account's id is this and four digits.</summary>
    public const string AccountPrefix = "acct-";

    /// <summary>As <c>POST /v1/payments</c> takes it.</summary>
    public const string Json =
        """{"psp":"bench","psp_reference":"R##############","account_id":"acct-@@@@","reference_id":"meter-@@@@-&","amount":"1%%%%.50","currency":"KES","paid_at":"2026-01-15T09:30:47+03:00","payer":{"name":"JANE WANJIKU","phone":"254700000001"}}""";

    public const string CsvHeader = "Receipt,Completed,Account,Customer,Amount,Name,Phone\n";

    public const string Csv = "R##############,2026-01-15 09:30:47,acct-@@@@,meter-@@@@-&,1%%%%.50,JANE WANJIKU,254700000001\n";

    /// <summary>Settings of <see cref="Adapter"/>.</summary>
    public const string CsvSettings =
        """{"currency":"KES","time_zone":"Africa/Nairobi","paid_at_formats":["yyyy-MM-dd HH:mm:ss"],"columns":{"psp_reference":"Receipt","paid_at":"Completed","account":"Account","reference":"Customer","amount":"Amount","payer_name":"Name","payer_phone":"Phone"}}""";

    /// <summary>The row that becomes of it, as a line of COPY's text format. Ids rise with time, as ours do.</summary>
    public const string Copy =
        "00##############7000800000000000\tbench\tR##############\t\\N\tacct-@@@@\t##############\tmeter-@@@@-&\t1%%%%50\tKES\t2026-01-15 06:30:47+00\tf\t"
        + "2026-01-15 06:30:48.123456+00\tacct-@@@@\tmeter-@@@@-&\t\\N\t\\N\t{\"name\":\"JANE WANJIKU\",\"phone\":\"254700000001\"}\t\\N\t"
        + "[{\"rule\":\"account\",\"verdict\":\"Found\",\"account_id\":\"acct-@@@@\",\"reference_id\":\"meter-@@@@-&\"}]\t1\t%%%%\t"
        + "\\\\x9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\t\\N\n";

    /// <summary>The same row, made by one INSERT of pgbench. It is spared what it need not compute: values that no index holds are constants.</summary>
    public const string Insert =
        """
        INSERT INTO plain_payments VALUES (
            (lpad(to_hex(:k::bigint), 16, '0') || '7000800000000000')::uuid, 'bench', 'R' || :k::bigint, NULL,
            'acct-' || :a::bigint, :k::bigint, 'meter-1234-5', 1234550, 'KES', '2026-01-15 06:30:47+00', false, now(),
            'acct-1234', 'meter-1234-5', NULL, NULL, '{"name":"JANE WANJIKU","phone":"254700000001"}', NULL,
            '[{"rule":"account","verdict":"Found","account_id":"acct-1234","reference_id":"meter-1234-5"}]', 1, 1234,
            '\x9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08', NULL);
        """;
}
