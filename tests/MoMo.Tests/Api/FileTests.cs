using System.Security.Cryptography;
using System.Text.Json;
using MoMo.Tests.Support;

namespace MoMo.Tests.Api;

/// <summary>Statement files over HTTP: kept, read, their payments taken once, refused as a whole when they can't be trusted.</summary>
public sealed class FileTests(HubFixture fixture) : IClassFixture<HubFixture>
{
    private HubClient Hub => fixture.Hub;

    [Fact]
    public async Task A_file_of_CSV_is_taken_once_however_often_it_is_sent()
    {
        await Hub.AddFileAdapterAsync("portal", "csv", JsonElement.Parse(StatementFiles.PortalSettings));
        await Hub.AddReferenceAsync("acme", "NA20260001");
        var bytes = StatementFiles.Golden("csv-mpesa", "portal_short_ddmmyyyy.csv");

        var taken = await Hub.SendFileAsync("portal", bytes, "?name=january.csv");
        Assert.True(taken.Status == 201, taken.ToString());
        Assert.Equal(("january.csv", "taken", 1, 1), (taken.Text("name"), taken.Text("state"), taken.Count("accepted"), taken.Count("suspense")));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), taken.Text("sha256"));
        Assert.Equal(1, await fixture.CountAsync("payments WHERE psp_reference = 'QCV1234567' AND account_id = 'acme' AND amount_minor = 5000000 AND paid_at = '2026-01-15 06:30:47Z'"));

        var again = await Hub.SendFileAsync("portal", bytes);
        Assert.Equal((200, taken.Text("id")), (again.Status, again.Text("id")));
        Assert.True(again.Json.GetProperty("replayed").GetBoolean());
        Assert.Equal(2, again.Count("replayed_payments"));
        Assert.Equal(2, await fixture.CountAsync("payments WHERE adapter_id = 'portal'"));
        // On record is what it holds, and that it was read again.
        var kept = await Hub.GetAsync($"/v1/files/{taken.Text("id")}");
        Assert.Equal((1, 1, 0, 2), (kept.Count("accepted"), kept.Count("suspense"), kept.Count("replayed_payments"), kept.Count("readings")));
        Assert.Equal((1, 2), (taken.Count("readings"), again.Count("readings")));
        Assert.Equal(bytes, (await Hub.GetAsync($"/v1/files/{taken.Text("id")}/content")).Bytes);
        await fixture.Server.HasAsync(webhook => webhook.Account == "acme", "the file's payment");
    }

    [Fact]
    public async Task A_payment_out_of_a_file_is_proved_by_the_file()
    {
        await Hub.AddFileAdapterAsync("bank", "camt.053", null);
        var bytes = StatementFiles.Golden("camt.053", "datetime_zones.xml");
        var taken = await Hub.SendFileAsync("bank", bytes);
        Assert.True(taken.Status == 201, taken.ToString());
        Assert.Equal(2, taken.Count("accepted") + taken.Count("suspense"));

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
        await Hub.AddFileAdapterAsync(adapter, "camt.053", null);
        var bytes = StatementFiles.Golden("camt.053", file);
        var refused = await Hub.SendFileAsync(adapter, bytes);
        Assert.Equal((422, "file-refused"), (refused.Status, refused.Text("code")));
        Assert.Equal(0, await fixture.CountAsync($"payments WHERE psp_id = '{adapter}'"));
        var kept = (await Hub.GetAsync($"/v1/files?adapter={adapter}")).Json.GetProperty("items").EnumerateArray().Single();
        Assert.Equal("refused", kept.GetProperty("state").GetString());
        Assert.Equal(bytes, (await Hub.GetAsync($"/v1/files/{kept.GetProperty("id").GetString()}/content")).Bytes);
    }

    [Fact]
    public async Task A_reversal_is_remarked_on_and_credits_nobody()
    {
        var adapter = HubFixture.Fresh().ToLowerInvariant();
        await Hub.AddFileAdapterAsync(adapter, "camt.053", null);
        var taken = await Hub.SendFileAsync(adapter, StatementFiles.Golden("camt.053", "reversal_entry.xml"));
        Assert.Equal((201, 0, 2), (taken.Status, taken.Count("suspense"), taken.Count("notices")));
        Assert.Equal(1, await fixture.CountAsync(
            $"file_entries WHERE file_id = '{taken.Text("id")}' AND (kind, code, amount_minor) = ('notice', 'reversal', 125000) AND detail = 'End-to-end id E2E-0001.'"));
        Assert.Equal(0, await fixture.CountAsync($"payments WHERE psp_id = '{adapter}'"));
    }

    [Fact]
    public async Task Bank_statements_that_overlap_or_come_again_make_each_payment_once()
    {
        var adapter = HubFixture.Fresh().ToLowerInvariant();
        await Hub.AddFileAdapterAsync(adapter, "mt940", null);
        var counts = new List<(int Suspense, int Replayed, int Faults)>();
        foreach (var file in new[] { "reject_balance_mismatch.sta", "account_hash_reference.sta", "duplicate_resend.sta", "page2_overlap.sta" })
        {
            var taken = await Hub.SendFileAsync(adapter, StatementFiles.Golden("mt940", file));
            Assert.True(taken.Status == 201, taken.ToString());
            counts.Add((taken.Count("suspense"), taken.Count("replayed_payments"), taken.Count("faults")));
        }

        Assert.Equal([(0, 0, 3), (3, 0, 0), (0, 3, 0), (1, 1, 0)], counts);
        Assert.Equal(422, (await Hub.SendFileAsync(adapter, StatementFiles.Golden("mt940", "reject_truncated.sta"))).Status);
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
        await Hub.AddFileAdapterAsync(adapter, format, JsonElement.Parse(settings));
        if (file is null) return;
        var taken = await Hub.SendFileAsync(adapter, StatementFiles.Golden(file.Split('/')[0], file.Split('/')[1]));
        Assert.Equal((201, format == "ofx" ? 1 : 0), (taken.Status, taken.Count("suspense")));
    }

    [Fact]
    public async Task A_file_for_nobody_is_not_taken()
    {
        Assert.Equal(404, (await Hub.SendFileAsync("none", [1])).Status);
        await Hub.AddFileAdapterAsync("plain", "json", null);
        Assert.Equal("format-has-no-files", (await Hub.SendFileAsync("plain", [1])).Text("code"));
        using var stranger = fixture.Silo.As(null);
        using var body = new ByteArrayContent([1]);
        Assert.Equal(401, (await stranger.SendAsync(HttpMethod.Post, "/v1/adapters/plain/files", body)).Status);
        using var other = fixture.Silo.As(await Hub.AddKeyAsync("adapter:portal"));
        using var again = new ByteArrayContent([1]);
        Assert.Equal(404, (await other.SendAsync(HttpMethod.Post, "/v1/adapters/plain/files", again)).Status);
    }
}
