using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using MoMo.Domain;
using MoMo.Silo.Files;
using MoMo.Storage.Files;
using MoMo.Tests.Formats.Camt;
using MoMo.Tests.Support;

namespace MoMo.Tests.Api;

/// <summary>Statement files that are read again: what was taken stays and is not taken twice, and what was held or cut short follows.</summary>
public sealed class FileReadingTests(HubFixture fixture) : IClassFixture<HubFixture>
{
    private HubClient Hub => fixture.Hub;

    [Fact]
    public async Task A_statement_that_does_not_balance_is_held_and_taken_once_the_settings_say_so()
    {
        var adapter = HubFixture.Fresh().ToLowerInvariant();
        await Hub.AddFileAdapterAsync(adapter, "camt.053", null);
        var closing = """<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">9.00</Amt></Bal>""";
        var other = CamtFile.Entry("4.00", reference: "B", text: "nobody") + "</Stmt><Stmt><Id>S2</Id><Acct><Id><IBAN>DE1</IBAN></Id></Acct>";
        var bytes = System.Text.Encoding.UTF8.GetBytes(CamtFile.Of(
            closing.Replace("CLBD", "OPBD", StringComparison.Ordinal), closing, CamtFile.Entry("3.00", reference: "A", text: "nobody"), other,
            CamtFile.Entry("5.00", reference: "C", text: "nobody")));
        var held = await Hub.SendFileAsync(adapter, bytes);
        Assert.Equal((201, 0, 1, 2), (held.Status, held.Count("accepted"), held.Count("suspense"), held.Count("faults")));
        Assert.Equal(1, await fixture.CountAsync($"payments WHERE psp_id = '{adapter}'"));
        Assert.Equal(2, await fixture.CountAsync($"file_entries WHERE file_id = '{held.Text("id")}' AND code = 'statement-held' AND amount_minor > 0"));
        Assert.Equal(1, await fixture.CountAsync($"file_entries WHERE file_id = '{held.Text("id")}' AND kind = 'warning' AND code = 'balance-mismatch'"));

        using var change = JsonContent.Create(new { name = "Bank", psp = adapter, format = "camt.053", settings = new { balance_mismatch = "take" } });
        Assert.Equal(200, (await Hub.SendAsync(HttpMethod.Put, $"/v1/adapters/{adapter}", change)).Status);
        await Eventually.TrueAsync(
            async () =>
            {
                await Hub.SendFileAsync(adapter, bytes);
                return await fixture.CountAsync($"payments WHERE psp_id = '{adapter}'") == 3;
            },
            () => "the payments that were held");
        // The record tells what the file holds now, whichever reading took it; the sender, what the reading before had taken.
        var kept = await Hub.GetAsync($"/v1/files/{held.Text("id")}");
        Assert.Equal((0, 3, 0, 0), (kept.Count("accepted"), kept.Count("suspense"), kept.Count("replayed_payments"), kept.Count("faults")));
        Assert.True(kept.Count("readings") > 1 && kept.Json.GetProperty("read_at").GetDateTimeOffset() > kept.Json.GetProperty("received_at").GetDateTimeOffset());
        var last = await Hub.SendFileAsync(adapter, bytes);
        Assert.Equal((0, 3), (last.Count("suspense"), last.Count("replayed_payments")));
    }

    [Fact]
    public async Task A_record_tells_payments_that_came_by_another_way_and_a_later_refusal_takes_nothing_back()
    {
        var adapter = HubFixture.Fresh().ToLowerInvariant();
        var settings = JsonElement.Parse("""{"currency":"KES","columns":{"psp_reference":"id","amount":"amount","paid_at":"day","text":"text"}}""");
        await Hub.AddFileAdapterAsync(adapter, "csv", settings);
        await Hub.PayAsync(adapter, "W1", "acme", "1.00");
        var bytes = "id,amount,day,text\nW1,1.00,2026-03-01,acme\nW2,1.00,2026-03-01,acme\nW2,1.00,2026-03-01,acme\nW3,?,2026-03-01,acme\n"u8.ToArray();
        var id = (await Hub.SendFileAsync(adapter, bytes)).Text("id");
        for (var reading = 1; reading <= 2; reading++)
        {
            var kept = await Hub.GetAsync($"/v1/files/{id}");
            Assert.Equal(
                (1, 2, 1, reading), (kept.Count("accepted"), kept.Count("replayed_payments"), kept.Count("faults"), kept.Count("readings")));
            await Hub.SendFileAsync(adapter, bytes);
        }

        // Read by other settings it is refused: what was taken stays, and stays on record.
        using var change = JsonContent.Create(
            new { name = $"Bank {adapter}", psp = adapter, format = "csv", settings = new { currency = "KES", columns = new { psp_reference = "no such", amount = "amount" } } });
        Assert.Equal(200, (await Hub.SendAsync(HttpMethod.Put, $"/v1/adapters/{adapter}", change)).Status);
        await Eventually.TrueAsync(async () => (await Hub.SendFileAsync(adapter, bytes)).Status == 422, () => "the new settings");
        var last = await Hub.GetAsync($"/v1/files/{id}");
        Assert.Equal(("taken", 1, 2, 1), (last.Text("state"), last.Count("accepted"), last.Count("replayed_payments"), last.Count("faults")));
        Assert.StartsWith("When it was read again it was refused: ", last.Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_reading_remarks_nothing_twice()
    {
        var adapter = HubFixture.Fresh().ToLowerInvariant();
        await Hub.AddFileAdapterAsync(adapter, "csv", JsonElement.Parse("""{"currency":"KES","columns":{"psp_reference":"id","amount":"amount","paid_at":"day","text":"text"}}"""));
        await Hub.PayAsync(adapter, "C1", "acme", "7.00");
        await Hub.PayAsync(adapter, "C2", "acme", "7.00");
        var bytes = "id,amount,day,text\nC1,8.00,2026-03-01,acme\nN1,-5.00,2026-03-01,acme\nC2,8.00,2026-03-01,acme\nF1,?,2026-03-01,acme\nP1,1.00,2026-03-01,acme\n"u8.ToArray();
        var taken = await Hub.SendFileAsync(adapter, bytes);
        Assert.Equal((201, 1, 2, 1, 1), (taken.Status, taken.Count("accepted"), taken.Count("conflicts"), taken.Count("notices"), taken.Count("faults")));
        var entries = $"file_entries WHERE file_id = '{taken.Text("id")}'";
        Assert.Equal(4, await fixture.CountAsync(entries));
        Assert.Equal(200, (await Hub.SendFileAsync(adapter, bytes)).Status);
        Assert.Equal(4, await fixture.CountAsync(entries));
        Assert.Equal(0, await fixture.CountAsync($"{entries} AND ordinal <> 0")); // each has a position of its own
    }

    [Fact]
    public async Task The_last_reading_has_the_last_word_on_each_row()
    {
        var adapter = HubFixture.Fresh().ToLowerInvariant();
        await Hub.AddFileAdapterAsync(adapter, "csv", Csv("amount"));
        var bytes = "id,amount,mended,day,text\nA,1,1,2026-03-01,acme\nB,?,2,2026-03-01,acme\nC,?,0.001,2026-03-01,acme\nD,?,?,2026-03-01,acme\n"u8.ToArray();
        var id = (await Hub.SendFileAsync(adapter, bytes)).Text("id");
        Assert.Equal("3 amount-malformed, 4 amount-malformed, 5 amount-malformed", await RemarksAsync());
        var said = await fixture.CountAsync($"file_entries WHERE file_id = '{id}'");

        await ReadAsync("no such", 422);
        Assert.Equal(4, (await RemarksAsync()).Split(", ").Length); // the refusal, too

        await ReadAsync("mended", 200);
        Assert.Equal("4 amount-too-fine, 5 amount-malformed", await RemarksAsync());
        Assert.Equal(2, await fixture.CountAsync($"payments WHERE psp_id = '{adapter}'"));
        // What was said stays in the table; what is said again is not.
        Assert.Equal(said + 3, await fixture.CountAsync($"file_entries WHERE file_id = '{id}'"));
        Assert.Equal(200, (await Hub.SendFileAsync(adapter, bytes)).Status);
        Assert.Equal(said + 3, await fixture.CountAsync($"file_entries WHERE file_id = '{id}'"));
        Assert.Equal("4 amount-too-fine, 5 amount-malformed", await RemarksAsync());

        async Task ReadAsync(string amount, int status)
        {
            using var change = JsonContent.Create(new { name = $"Bank {adapter}", psp = adapter, format = "csv", settings = Csv(amount) });
            Assert.Equal(200, (await Hub.SendAsync(HttpMethod.Put, $"/v1/adapters/{adapter}", change)).Status);
            await Eventually.TrueAsync(
                async () =>
                {
                    var answer = await Hub.SendFileAsync(adapter, bytes);
                    return answer.Status == status && (status == 422 || await fixture.CountAsync($"payments WHERE psp_id = '{adapter}'") == 2);
                },
                () => "the new settings");
        }

        async Task<string> RemarksAsync() => string.Join(", ", (await Hub.GetAsync($"/v1/files/{id}")).Json.GetProperty("remarks").EnumerateArray()
            .Select(one => $"{one.GetProperty("position").GetInt32()} {one.GetProperty("code").GetString()}"));

        static JsonElement Csv(string amount) => JsonElement.Parse(
            $$$"""{"currency":"KES","columns":{"psp_reference":"id","amount":"{{{amount}}}","paid_at":"day","text":"text"}}""");
    }

    [Fact]
    public async Task A_reading_that_was_cut_short_is_resumed_every_minute_and_counts_its_own_payments_as_taken()
    {
        var adapter = HubFixture.Fresh().ToLowerInvariant();
        await Hub.AddFileAdapterAsync(adapter, "csv", JsonElement.Parse("""{"currency":"KES","columns":{"psp_reference":"id","amount":"amount","paid_at":"day","text":"text"}}"""));
        await Hub.PayAsync(adapter, "R0", "acme", "3.00");
        var rows = string.Concat(Enumerable.Range(1, 4).Select(row => $"R{row},1.00,2026-03-01,{(row == 1 ? "nobody" : "acme")}\n"));
        var taken = await Hub.SendFileAsync(adapter, System.Text.Encoding.UTF8.GetBytes("id,amount,day,text\n" + rows));
        Assert.Equal((201, 3, 1), (taken.Status, taken.Count("accepted"), taken.Count("suspense")));
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

        // One that is sent again is being read as well, though its record stays.
        Task<HubAnswer> again;
        await using (await HeldLock.TakeAsync(fixture.ConnectionString, "SELECT FROM account_heads WHERE account_id = 'acme' FOR UPDATE"))
        {
            var more = System.Text.Encoding.UTF8.GetBytes($"id,amount,day,text\n{rows}");
            again = Hub.SendFileAsync(adapter, more);
            await Eventually.TrueAsync(
                async () => await fixture.CountAsync($"files WHERE id = '{id}' AND state = 'taken' AND rereading") == 1, () => "the second reading to begin");
        }

        Assert.Equal(200, (await again).Status);
        Assert.Equal(0, await fixture.CountAsync($"files WHERE id = '{id}' AND rereading"));
        await Sql.DoAsync(fixture.ConnectionString, $"UPDATE files SET rereading = true, readings = 100 WHERE id = '{id}'"); // as a crash leaves it
        await Eventually.TrueAsync(
            async () =>
            {
                clock.Advance(TimeSpan.FromMinutes(1));
                return await fixture.CountAsync($"files WHERE id = '{id}' AND readings = 101 AND NOT rereading") == 1;
            },
            () => "the second reading to be resumed");
        await resumer.StopAsync(CancellationToken.None);
        await Sql.DoAsync(fixture.ConnectionString, "DELETE FROM files WHERE packs = ARRAY[-1::bigint]"); // else the hub is found to be damaged, rightly

        Task CutShortAsync() => Sql.DoAsync(fixture.ConnectionString, $"UPDATE files SET state = 'reading', accepted = 0, suspense = 0 WHERE id = '{id}'");

        Task IsTakenAsync() => Eventually.TrueAsync(
            async () => await fixture.CountAsync($"files WHERE id = '{id}' AND state = 'taken' AND (accepted, suspense, replayed) = (3, 1, 0)") == 1,
            () => "the file's first counts");
    }
}
