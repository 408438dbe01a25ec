using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using MoMo.Domain;
using MoMo.Silo.Files;
using MoMo.Storage.Files;
using MoMo.Tests.Formats.Camt;
using MoMo.Tests.Support;

namespace MoMo.Tests.Api;

/// <summary>Statement files over HTTP: kept, read, their payments taken once, refused as a whole when they can't be trusted.</summary>
public sealed class FileTests(HubFixture fixture) : IClassFixture<HubFixture>
{
    private const string PortalSettings = """
        {"currency":"KES","time_zone":"Africa/Nairobi","paid_at_formats":["dd/MM/yyyy HH:mm:ss"],"text_after":["Account Number "],
         "columns":{"psp_reference":"Receipt No.","credit":"Paid In","debit":"Withdrawn","paid_at":"Completion Time","text":"Details"},
         "filters":[{"column":"Transaction Status","equals":"Completed","otherwise":"pending"}]}
        """;

    private HubClient Hub => fixture.Hub;

    [Fact]
    public async Task A_file_of_CSV_is_taken_once_however_often_it_is_sent()
    {
        await AddAsync("portal", "csv", JsonElement.Parse(PortalSettings));
        await Hub.AddReferenceAsync("acme", "NA20260001");
        var bytes = Golden("csv-mpesa", "portal_short_ddmmyyyy.csv");

        var taken = await SendAsync("portal", bytes, "?name=january.csv");
        Assert.True(taken.Status == 201, taken.ToString());
        Assert.Equal(("january.csv", "taken", 1, 1), (taken.Text("name"), taken.Text("state"), Count(taken, "accepted"), Count(taken, "suspense")));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), taken.Text("sha256"));
        Assert.Equal(1, await fixture.CountAsync("payments WHERE psp_reference = 'QCV1234567' AND account_id = 'acme' AND amount_minor = 5000000 AND paid_at = '2026-01-15 06:30:47Z'"));

        var again = await SendAsync("portal", bytes);
        Assert.Equal((200, taken.Text("id")), (again.Status, again.Text("id")));
        Assert.True(again.Json.GetProperty("replayed").GetBoolean());
        Assert.Equal(2, Count(again, "replayed_payments"));
        Assert.Equal(2, await fixture.CountAsync("payments WHERE adapter_id = 'portal'"));
        // On record is what it holds, and that it was read again.
        var kept = await Hub.GetAsync($"/v1/files/{taken.Text("id")}");
        Assert.Equal((1, 1, 0, 2), (Count(kept, "accepted"), Count(kept, "suspense"), Count(kept, "replayed_payments"), Count(kept, "readings")));
        Assert.Equal((1, 2), (Count(taken, "readings"), Count(again, "readings")));
        Assert.Equal(bytes, (await Hub.GetAsync($"/v1/files/{taken.Text("id")}/content")).Bytes);
        await fixture.Server.HasAsync(webhook => webhook.Account == "acme", "the file's payment");
    }

    [Fact]
    public async Task A_payment_out_of_a_file_is_proved_by_the_file()
    {
        await AddAsync("bank", "camt.053", null);
        var bytes = Golden("camt.053", "datetime_zones.xml");
        var taken = await SendAsync("bank", bytes);
        Assert.True(taken.Status == 201, taken.ToString());
        Assert.Equal(2, Count(taken, "accepted") + Count(taken, "suspense"));

        var payments = (await Hub.GetAsync("/v1/payments?psp=bank")).Json.GetProperty("items").EnumerateArray().ToArray();
        Assert.Equal(2, payments.Length);
        var proofs = await Task.WhenAll(payments.Select(payment => Hub.GetAsync($"/v1/payments/{payment.GetProperty("id").GetString()}/proof")));
        Assert.All(proofs, proof => Assert.Equal(bytes, proof.Bytes));
        Assert.Equal(2, proofs.Select(proof => proof.Headers["MoMo-Proof-Position"]).Distinct().Count());
        Assert.All(proofs, proof => Assert.Equal(taken.Text("sha256"), proof.Headers["MoMo-Proof-Sha256"]));
    }

    [Theory]
    [InlineData("reject_truncated.xml")]
    [InlineData("reject_xxe.xml")]
    public async Task A_file_that_cannot_be_trusted_is_refused_as_a_whole_and_kept(string file)
    {
        var adapter = HubFixture.Fresh().ToLowerInvariant();
        await AddAsync(adapter, "camt.053", null);
        var bytes = Golden("camt.053", file);
        var refused = await SendAsync(adapter, bytes);
        Assert.Equal((422, "file-refused"), (refused.Status, refused.Text("code")));
        Assert.Equal(0, await fixture.CountAsync($"payments WHERE psp_id = '{adapter}'"));
        var kept = (await Hub.GetAsync($"/v1/files?adapter={adapter}")).Json.GetProperty("items").EnumerateArray().Single();
        Assert.Equal("refused", kept.GetProperty("state").GetString());
        Assert.Equal(bytes, (await Hub.GetAsync($"/v1/files/{kept.GetProperty("id").GetString()}/content")).Bytes);
    }

    [Fact]
    public async Task A_statement_that_does_not_balance_is_held_and_taken_once_the_settings_say_so()
    {
        var adapter = HubFixture.Fresh().ToLowerInvariant();
        await AddAsync(adapter, "camt.053", null);
        var closing = """<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">9.00</Amt></Bal>""";
        var other = CamtFile.Entry("4.00", reference: "B", text: "nobody") + "</Stmt><Stmt><Id>S2</Id><Acct><Id><IBAN>DE1</IBAN></Id></Acct>";
        var bytes = System.Text.Encoding.UTF8.GetBytes(CamtFile.Of(
            closing.Replace("CLBD", "OPBD", StringComparison.Ordinal), closing, CamtFile.Entry("3.00", reference: "A", text: "nobody"), other,
            CamtFile.Entry("5.00", reference: "C", text: "nobody")));
        var held = await SendAsync(adapter, bytes);
        Assert.Equal((201, 0, 1, 2), (held.Status, Count(held, "accepted"), Count(held, "suspense"), Count(held, "faults")));
        Assert.Equal(1, await fixture.CountAsync($"payments WHERE psp_id = '{adapter}'"));
        Assert.Equal(2, await fixture.CountAsync($"file_entries WHERE file_id = '{held.Text("id")}' AND code = 'statement-held' AND amount_minor > 0"));
        Assert.Equal(1, await fixture.CountAsync($"file_entries WHERE file_id = '{held.Text("id")}' AND kind = 'warning' AND code = 'balance-mismatch'"));

        using var change = JsonContent.Create(new { name = "Bank", psp = adapter, format = "camt.053", settings = new { balance_mismatch = "take" } });
        Assert.Equal(200, (await Hub.SendAsync(HttpMethod.Put, $"/v1/adapters/{adapter}", change)).Status);
        await Eventually.TrueAsync(
            async () =>
            {
                await SendAsync(adapter, bytes);
                return await fixture.CountAsync($"payments WHERE psp_id = '{adapter}'") == 3;
            },
            () => "the payments that were held");
        // The record tells what the file holds now, whichever reading took it; the sender, what the reading before had taken.
        var kept = await Hub.GetAsync($"/v1/files/{held.Text("id")}");
        Assert.Equal((0, 3, 0, 0), (Count(kept, "accepted"), Count(kept, "suspense"), Count(kept, "replayed_payments"), Count(kept, "faults")));
        Assert.True(Count(kept, "readings") > 1 && kept.Json.GetProperty("read_at").GetDateTimeOffset() > kept.Json.GetProperty("received_at").GetDateTimeOffset());
        var last = await SendAsync(adapter, bytes);
        Assert.Equal((0, 3), (Count(last, "suspense"), Count(last, "replayed_payments")));
    }

    [Fact]
    public async Task A_record_tells_payments_that_came_by_another_way_and_a_later_refusal_takes_nothing_back()
    {
        var adapter = HubFixture.Fresh().ToLowerInvariant();
        var settings = JsonElement.Parse("""{"currency":"KES","columns":{"psp_reference":"id","amount":"amount","paid_at":"day","text":"text"}}""");
        await AddAsync(adapter, "csv", settings);
        await Hub.PayAsync(adapter, "W1", "acme", "1.00");
        var bytes = "id,amount,day,text\nW1,1.00,2026-03-01,acme\nW2,1.00,2026-03-01,acme\nW2,1.00,2026-03-01,acme\nW3,?,2026-03-01,acme\n"u8.ToArray();
        var id = (await SendAsync(adapter, bytes)).Text("id");
        for (var reading = 1; reading <= 2; reading++)
        {
            var kept = await Hub.GetAsync($"/v1/files/{id}");
            Assert.Equal(
                (1, 2, 1, reading), (Count(kept, "accepted"), Count(kept, "replayed_payments"), Count(kept, "faults"), Count(kept, "readings")));
            await SendAsync(adapter, bytes);
        }

        // Read by other settings it is refused: what was taken stays, and stays on record.
        using var change = JsonContent.Create(
            new { name = $"Bank {adapter}", psp = adapter, format = "csv", settings = new { currency = "KES", columns = new { psp_reference = "no such", amount = "amount" } } });
        Assert.Equal(200, (await Hub.SendAsync(HttpMethod.Put, $"/v1/adapters/{adapter}", change)).Status);
        await Eventually.TrueAsync(async () => (await SendAsync(adapter, bytes)).Status == 422, () => "the new settings");
        var last = await Hub.GetAsync($"/v1/files/{id}");
        Assert.Equal(("taken", 1, 2, 1), (last.Text("state"), Count(last, "accepted"), Count(last, "replayed_payments"), Count(last, "faults")));
        Assert.StartsWith("When it was read again it was refused: ", last.Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reversal_is_remarked_on_and_credits_nobody()
    {
        var adapter = HubFixture.Fresh().ToLowerInvariant();
        await AddAsync(adapter, "camt.053", null);
        var taken = await SendAsync(adapter, Golden("camt.053", "reversal_entry.xml"));
        Assert.Equal((201, 0, 2), (taken.Status, Count(taken, "suspense"), Count(taken, "notices")));
        Assert.Equal(1, await fixture.CountAsync(
            $"file_entries WHERE file_id = '{taken.Text("id")}' AND (kind, code, amount_minor) = ('notice', 'reversal', 125000) AND detail = 'End-to-end id E2E-0001.'"));
        Assert.Equal(0, await fixture.CountAsync($"payments WHERE psp_id = '{adapter}'"));
    }

    [Fact]
    public async Task Bank_statements_that_overlap_or_come_again_make_each_payment_once()
    {
        var adapter = HubFixture.Fresh().ToLowerInvariant();
        await AddAsync(adapter, "mt940", null);
        var counts = new List<(int Suspense, int Replayed, int Faults)>();
        foreach (var file in new[] { "reject_balance_mismatch.sta", "account_hash_reference.sta", "duplicate_resend.sta", "page2_overlap.sta" })
        {
            var taken = await SendAsync(adapter, Golden("mt940", file));
            Assert.True(taken.Status == 201, taken.ToString());
            counts.Add((Count(taken, "suspense"), Count(taken, "replayed_payments"), Count(taken, "faults")));
        }

        Assert.Equal([(0, 0, 3), (3, 0, 0), (0, 3, 0), (1, 1, 0)], counts);
        Assert.Equal(422, (await SendAsync(adapter, Golden("mt940", "reject_truncated.sta"))).Status);
        Assert.Equal(4, await fixture.CountAsync($"payments WHERE psp_id = '{adapter}'"));
    }

    [Theory]
    [InlineData("ofx", "{}", "ofx/cp1252_comma.ofx")]
    [InlineData("mt942", "{}", "mt940/utf8_bom.sta")]
    [InlineData("camt.054", "{\"time_zone\":\"Europe/Berlin\"}", null)]
    [InlineData("xml", """{"row":"r/p","currency":"KES","fields":{"psp_reference":"@id","amount":"a"}}""", null)]
    public async Task Every_format_is_an_adapters_to_have(string format, string settings, string? file)
    {
        var adapter = HubFixture.Fresh().ToLowerInvariant();
        await AddAsync(adapter, format, JsonElement.Parse(settings));
        if (file is null) return;
        var taken = await SendAsync(adapter, Golden(file.Split('/')[0], file.Split('/')[1]));
        Assert.Equal((201, format == "ofx" ? 1 : 0), (taken.Status, Count(taken, "suspense")));
    }

    [Fact]
    public async Task A_second_reading_remarks_nothing_twice()
    {
        var adapter = HubFixture.Fresh().ToLowerInvariant();
        await AddAsync(adapter, "csv", JsonElement.Parse("""{"currency":"KES","columns":{"psp_reference":"id","amount":"amount","paid_at":"day","text":"text"}}"""));
        await Hub.PayAsync(adapter, "C1", "acme", "7.00");
        await Hub.PayAsync(adapter, "C2", "acme", "7.00");
        var bytes = "id,amount,day,text\nC1,8.00,2026-03-01,acme\nN1,-5.00,2026-03-01,acme\nC2,8.00,2026-03-01,acme\nF1,?,2026-03-01,acme\nP1,1.00,2026-03-01,acme\n"u8.ToArray();
        var taken = await SendAsync(adapter, bytes);
        Assert.Equal((201, 1, 2, 1, 1), (taken.Status, Count(taken, "accepted"), Count(taken, "conflicts"), Count(taken, "notices"), Count(taken, "faults")));
        var entries = $"file_entries WHERE file_id = '{taken.Text("id")}'";
        Assert.Equal(4, await fixture.CountAsync(entries));
        Assert.Equal(200, (await SendAsync(adapter, bytes)).Status);
        Assert.Equal(4, await fixture.CountAsync(entries));
        Assert.Equal(0, await fixture.CountAsync($"{entries} AND ordinal <> 0")); // each has a position of its own
    }

    [Fact]
    public async Task A_reading_that_was_cut_short_is_resumed_every_minute_and_counts_its_own_payments_as_taken()
    {
        var adapter = HubFixture.Fresh().ToLowerInvariant();
        await AddAsync(adapter, "csv", JsonElement.Parse("""{"currency":"KES","columns":{"psp_reference":"id","amount":"amount","paid_at":"day","text":"text"}}"""));
        await Hub.PayAsync(adapter, "R0", "acme", "3.00");
        var rows = string.Concat(Enumerable.Range(1, 4).Select(row => $"R{row},1.00,2026-03-01,{(row == 1 ? "nobody" : "acme")}\n"));
        var taken = await SendAsync(adapter, System.Text.Encoding.UTF8.GetBytes("id,amount,day,text\n" + rows));
        Assert.Equal((201, 3, 1), (taken.Status, Count(taken, "accepted"), Count(taken, "suspense")));
        var id = taken.Text("id");

        // An older file whose pieces are gone fails each time, and holds nobody up.
        await Sql.DoAsync(fixture.ConnectionString, $"""
            INSERT INTO files (id, adapter_id, sha256, size, packs, received_at)
            VALUES ('00000000-0000-7000-8000-000000000001', '{adapter}', '\x00', 1, ARRAY[-1], '2020-01-01Z')
            """);
        var services = fixture.Silo.Services;
        var clock = new FakeTimeProvider();
        clock.Advance(TimeProvider.System.GetUtcNow().AddDays(1) - clock.GetUtcNow());
        using var resumer = new FileResumer(
            services.GetRequiredService<FileStore>(), services.GetRequiredService<FileIntake>(), services.GetRequiredService<IDirectory>(), clock,
            Microsoft.Extensions.Logging.Abstractions.NullLogger<FileResumer>.Instance);
        await CutShortAsync();
        await resumer.StartAsync(CancellationToken.None);
        await IsTakenAsync();
        await CutShortAsync();
        await Eventually.TrueAsync(
            async () =>
            {
                clock.Advance(TimeSpan.FromMinutes(1));
                return await fixture.CountAsync($"files WHERE id = '{id}' AND state = 'taken'") == 1;
            },
            () => "another pass");
        await IsTakenAsync();
        await resumer.StopAsync(CancellationToken.None);

        Task CutShortAsync() => Sql.DoAsync(fixture.ConnectionString, $"UPDATE files SET state = 'reading', accepted = 0, suspense = 0 WHERE id = '{id}'");

        Task IsTakenAsync() => Eventually.TrueAsync(
            async () => await fixture.CountAsync($"files WHERE id = '{id}' AND state = 'taken' AND (accepted, suspense, replayed) = (3, 1, 0)") == 1,
            () => "the file's first counts");
    }

    [Fact]
    public async Task A_file_for_nobody_is_not_taken()
    {
        Assert.Equal(404, (await SendAsync("none", [1])).Status);
        await AddAsync("plain", "json", null);
        Assert.Equal("format-has-no-files", (await SendAsync("plain", [1])).Text("code"));
        using var stranger = fixture.Silo.As(null);
        using var body = new ByteArrayContent([1]);
        Assert.Equal(401, (await stranger.SendAsync(HttpMethod.Post, "/v1/adapters/plain/files", body)).Status);
        using var other = fixture.Silo.As(await Hub.AddKeyAsync("adapter:portal"));
        using var again = new ByteArrayContent([1]);
        Assert.Equal(404, (await other.SendAsync(HttpMethod.Post, "/v1/adapters/plain/files", again)).Status);
    }

    [Fact]
    public async Task Four_files_are_received_at_once_and_slow_senders_hold_no_connection()
    {
        await AddAsync("slow", "csv", JsonElement.Parse(PortalSettings));
        List<Socket> senders = [];
        for (var sender = 0; sender < FileIntake.UploadsMax; sender++) senders.Add(await BeginAsync("slow", 1_000));
        try
        {
            var intake = fixture.Silo.Services.GetRequiredService<FileIntake>();
            await Eventually.TrueAsync(() => intake.Receiving == FileIntake.UploadsMax, () => $"{intake.Receiving} files");
            var refused = await SendAsync("slow", [1]);
            Assert.Equal((503, "busy", "2"), (refused.Status, refused.Text("code"), refused.Headers["Retry-After"]));
            Assert.Equal(0, await fixture.CountAsync("pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%' AND query LIKE '%proof_packs%'"));
        }
        finally
        {
            foreach (var sender in senders) sender.Dispose();
        }

        var taken = await SendAsync("slow", Golden("csv-mpesa", "portal_short_ddmmyyyy.csv"));
        await Eventually.TrueAsync(async () => (taken = await SendAsync("slow", Golden("csv-mpesa", "portal_short_ddmmyyyy.csv"))).Status is 200 or 201, () => taken.ToString());
    }

    [Fact]
    public async Task A_file_over_the_limit_is_too_large()
    {
        await AddAsync("large", "csv", JsonElement.Parse(PortalSettings));
        using var sender = await BeginAsync("large", FileStore.SizeMax + 1);
        var answer = new byte[15];
        await sender.ReceiveAsync(answer);
        Assert.StartsWith("HTTP/1.1 413", System.Text.Encoding.ASCII.GetString(answer), StringComparison.Ordinal);
    }

    /// <summary>Begins to send a file and stops after its first byte.</summary>
    private async Task<Socket> BeginAsync(string adapter, long length)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(Hub.Url.Host, Hub.Url.Port);
        await socket.SendAsync(System.Text.Encoding.ASCII.GetBytes(
            $"POST /v1/adapters/{adapter}/files HTTP/1.1\r\nHost: hub\r\nAuthorization: {Hub.Http.DefaultRequestHeaders.Authorization}\r\nContent-Length: {length}\r\n\r\nx"));
        return socket;
    }

    private async Task AddAsync(string adapter, string format, JsonElement? settings)
    {
        await Hub.AddPspAsync(adapter);
        await Hub.AddAdapterAsync(adapter, adapter, format, settings);
    }

    private async Task<HubAnswer> SendAsync(string adapter, byte[] bytes, string query = "")
    {
        using var body = new ByteArrayContent(bytes);
        return await Hub.SendAsync(HttpMethod.Post, $"/v1/adapters/{adapter}/files{query}", body);
    }

    private static byte[] Golden(string folder, string file) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Golden", folder, file));

    private static int Count(HubAnswer answer, string name) => answer.Json.GetProperty(name).GetInt32();
}
