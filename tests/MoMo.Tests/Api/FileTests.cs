using System.Security.Cryptography;
using System.Text.Json;
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
