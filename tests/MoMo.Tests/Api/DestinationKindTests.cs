using System.Text.Json;
using System.Text.Json.Nodes;
using MoMo.Tests.Edge.Mail;
using MoMo.Tests.Support;

namespace MoMo.Tests.Api;

/// <summary>Destinations that are no webhooks, through the whole hub.</summary>
public sealed class DestinationKindTests
{
    [Fact]
    public async Task Payments_arrive_by_mail_and_as_files_and_what_is_wrong_is_named_at_once()
    {
        await using var sink = new SmtpSink();
        using var folder = new TestFolder();
        await using var silo = await SiloHost.StartAsync(
            null, ("MoMo:Mail:Host", "127.0.0.1"), ("MoMo:Mail:Port", $"{sink.Port}"), ("MoMo:Mail:Tls", "none"), ("MoMo:Mail:From", "hub@hub.example"),
            ("MoMo:Mail:AllowedNetworks:0", "127.0.0.0/8"), ("MoMo:Files:AllowedFolders:0", folder.Path));
        var hub = silo.Hub;
        await hub.AddPspAsync("psp");
        await hub.AddAccountAsync("acme");
        const string path = "/v1/accounts/acme/destinations";

        var refused = await hub.PostAsync(path, new { id = "x", kind = "email", settings = new { address = "nobody", batch = new { max = 0 } }, order = "random", signing = "v1" });
        Assert.Equal((422, "order settings.address settings.batch.max signing"), (refused.Status, string.Join(' ', refused.Fields.Order(StringComparer.Ordinal))));
        refused = await hub.PostAsync(path, new { id = "x", kind = "file", url = "https://a.example", settings = new { path = "../x" }, credentials = new { pin = "1" } });
        Assert.Equal((422, "credentials settings.path url"), (refused.Status, string.Join(' ', refused.Fields.Order(StringComparer.Ordinal))));
        Assert.Equal(422, (await hub.PostAsync(path, new { id = "x", kind = "pigeon" })).Status);

        var mail = await hub.PostAsync(path, new { id = "mail", kind = "email", url = "mailto:ops@acme.example" });
        Assert.True(mail.Status == 201, mail.ToString());
        Assert.Equal(("mailto:ops@acme.example", "none", null), (mail.Text("url"), mail.Text("signing"), mail.Text("secret")));
        Assert.Equal(201, (await hub.PostAsync(path, new { id = "again", kind = "email", paused = true, settings = new { address = "ops@acme.example" } })).Status);
        var files = await hub.PostAsync(path, new { id = "files", kind = "file", settings = new { batch = new { max = 1 } }, credentials = new { password = "Xq-secret" } });
        Assert.True(files.Status == 201, files.ToString());
        Assert.True(files.Json.GetProperty("has_credentials").GetBoolean());
        Assert.DoesNotContain("Xq-", (await hub.GetAsync($"{path}/files")).ToString(), StringComparison.Ordinal);
        Assert.Equal(0, await Sql.AskAsync<long>(silo.Database.AppConnectionString, "SELECT count(*) FROM destinations WHERE credentials LIKE '%Xq-%'"));
        Assert.Equal(("destination-unsigned", 409), await RotateAsync(hub, path));

        Assert.Equal(201, (await hub.PayAsync("psp", "R1", "acme")).Status);
        await Eventually.TrueAsync(() => sink.Mails.Count == 1, () => "the mail");
        var place = Path.Combine(folder.Path, "acme");
        await Eventually.TrueAsync(() => Directory.Exists(place) && Directory.GetFiles(place, "payments-*.ndjson").Length == 1, () => "the file");
        var line = JsonElement.Parse(await File.ReadAllTextAsync(Directory.GetFiles(place).Single()));
        Assert.Equal("R1", line.GetProperty("data").GetProperty("psp_reference").GetString());
        await Eventually.TrueAsync(
            async () => (await hub.GetAsync("/v1/deliveries?account_id=acme&state=delivered")).Json.GetProperty("items").GetArrayLength() == 2, () => "the outcomes");
        await JournalHost.AssertLawfulAsync(silo.Database);
    }

    [Fact]
    public async Task Stored_credentials_stay_with_the_server_that_they_were_given_for()
    {
        await using var silo = await SiloHost.StartAsync();
        var hub = silo.Hub;
        await hub.AddAccountAsync("acme");
        const string path = "/v1/accounts/acme/destinations/files";
        object Spec(string? host, int port = 22, string folder = "in", string? password = null) => new
        {
            id = "files", kind = "file", paused = true, credentials = password is null ? null : new { password },
            settings = host is null ? new { path = "." } : (object)new { host, port, user = "u", path = folder, host_key = $"SHA256:{new string('A', 43)}" },
        };
        Assert.Equal(201, (await hub.PostAsync("/v1/accounts/acme/destinations", Spec("a.example", password: "Xq-secret"))).Status);
        Assert.Equal(200, (await hub.PutAsync(path, Spec("A.example", folder: "other"))).Status);

        foreach (var moved in (object[])[Spec("b.example"), Spec("a.example", port: 2222)])
        {
            var refused = await hub.PutAsync(path, moved);
            Assert.Equal((422, "credential-moved", "credentials"), (refused.Status, refused.Text("code"), refused.Fields.Single()));
            Assert.Contains("settings.host leads to sftp://", refused.Text("detail"), StringComparison.Ordinal);
        }

        Assert.Equal("/~/other", new Uri((await hub.GetAsync(path)).Text("url")!).AbsolutePath);
        // Not in two steps, either.
        Assert.Equal(200, (await hub.PutAsync(path, Spec(null))).Status);
        Assert.Equal(422, (await hub.PutAsync(path, Spec("b.example"))).Status);
        Assert.Equal(200, (await hub.PutAsync(path, Spec("b.example", password: "Yr-secret"))).Status);
        Assert.Equal(200, (await hub.PutAsync(path, Spec("b.example", folder: "third"))).Status);
    }

    [Fact]
    public async Task What_was_read_may_be_sent_back_and_its_settings_changed_alone()
    {
        using var folder = new TestFolder();
        await using var silo = await SiloHost.StartAsync(
            null, ("MoMo:Mail:Host", "127.0.0.1"), ("MoMo:Mail:Tls", "none"), ("MoMo:Mail:From", "hub@hub.example"),
            ("MoMo:Mail:AllowedNetworks:0", "127.0.0.0/8"), ("MoMo:Files:AllowedFolders:0", folder.Path));
        var hub = silo.Hub;
        await hub.AddAccountAsync("acme");
        const string path = "/v1/accounts/acme/destinations";
        foreach (var spec in (object[])[
            new { id = "files", kind = "file", settings = new { path = "in" } }, new { id = "mail", kind = "email", settings = new { address = "a@acme.example" } }])
            Assert.Equal(201, (await hub.PostAsync(path, spec)).Status);

        foreach (var (id, name, other, place) in new[] { ("files", "path", "out", "/acme/out"), ("mail", "address", "b@acme.example", "mailto:b@acme.example") })
        {
            var read = JsonNode.Parse((await hub.GetAsync($"{path}/{id}")).Json.GetRawText())!;
            Assert.Equal(200, (await hub.PutAsync($"{path}/{id}", read.ToJsonString())).Status);
            read["settings"]![name] = other;
            var changed = await hub.PutAsync($"{path}/{id}", read.ToJsonString());
            Assert.True(changed.Status == 200, changed.ToString());
            Assert.EndsWith(place, changed.Text("url"), StringComparison.Ordinal);
            read["url"] = "mailto:somebody@else.example";
            Assert.Equal(422, (await hub.PutAsync($"{path}/{id}", read.ToJsonString())).Status);
        }

        // An address without settings is the URL's, as before.
        Assert.Equal(200, (await hub.PutAsync($"{path}/mail", new { kind = "email", url = "mailto:c@acme.example" })).Status);
        Assert.Equal("mailto:c@acme.example", (await hub.GetAsync($"{path}/mail")).Text("url"));
    }

    private static async Task<(string? Code, int Status)> RotateAsync(HubClient hub, string path)
    {
        var answer = await hub.SendAsync(HttpMethod.Post, $"{path}/mail/rotate", null);
        return (answer.Text("code"), answer.Status);
    }
}
