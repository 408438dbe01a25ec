using MoMo.Tests.Edge.Drops;
using MoMo.Tests.Support;

namespace MoMo.Tests.Api;

/// <summary>Destinations on SFTP servers are set up with credentials that can work, or not at all.</summary>
public sealed class SftpDestinationTests
{
    private const string All = "/v1/accounts/acme/destinations";

    [KeyFact]
    public async Task Credentials_that_are_missing_or_can_t_be_used_are_refused_when_they_are_given()
    {
        using var place = new TestFolder();
        await using var silo = await SiloHost.StartAsync();
        var hub = silo.Hub;
        await hub.AddAccountAsync("acme");
        var (open, closed, pem) = (await SshKeys.MakeAsync(place), await SshKeys.MakeAsync(place, "Xq-words"), await SshKeys.MakeAsync(place, "Xq-words", "PEM"));

        (object? Given, string Field, string Code)[] wrong =
        [
            (null, "credentials", "credentials-missing"),
            (new { }, "credentials", "credentials-missing"),
            (new { password = "" }, "credentials", "credentials-missing"),
            (new { passphrase = "Xq-words" }, "credentials", "credentials-missing"),
            (new { private_key = "Xq-garbage" }, "credentials.private_key", "key-malformed"),
            (new { private_key = "Xq-garbage", password = "p" }, "credentials.private_key", "key-malformed"),
            (new { private_key = open[..(open.Length / 2)] }, "credentials.private_key", "key-malformed"),
            (new { private_key = closed }, "credentials.passphrase", "passphrase-wrong"),
            (new { private_key = closed, passphrase = "Xq-others" }, "credentials.passphrase", "passphrase-wrong"),
            (new { private_key = pem, passphrase = "Xq-others" }, "credentials.passphrase", "passphrase-wrong"),
        ];
        foreach (var (given, field, code) in wrong) IsRefused(await hub.PostAsync(All, Spec(given, id: "wrong")), field, code);

        object[] right = [new { password = "p" }, new { private_key = open }, new { private_key = closed, passphrase = "Xq-words" }, new { private_key = pem, passphrase = "Xq-words" }];
        for (var one = 0; one < right.Length; one++)
        {
            var made = await hub.PostAsync(All, Spec(right[one], id: $"files{one}"));
            Assert.True(made.Status == 201, made.ToString());
            foreach (var (given, field, code) in wrong.Where(one => one.Given is not null)) IsRefused(await hub.PutAsync($"{All}/files{one}", Spec(given)), field, code);
            // What is there stays, and may be given anew.
            Assert.Equal(200, (await hub.PutAsync($"{All}/files{one}", Spec(null, folder: "other"))).Status);
            Assert.Equal(200, (await hub.PutAsync($"{All}/files{one}", Spec(right[^(one + 1)]))).Status);
        }
    }

    [Fact]
    public async Task A_folder_that_becomes_one_of_a_server_wants_credentials()
    {
        await using var silo = await SiloHost.StartAsync();
        var hub = silo.Hub;
        await hub.AddAccountAsync("acme");
        Assert.Equal(201, (await hub.PostAsync(All, new { id = "files", kind = "file", paused = true })).Status);
        IsRefused(await hub.PutAsync($"{All}/files", Spec(null)), "credentials", "credentials-missing");
        IsRefused(await hub.PutAsync($"{All}/files", Spec(new { })), "credentials", "credentials-missing");
        Assert.Equal(200, (await hub.PutAsync($"{All}/files", Spec(new { password = "p" }))).Status);
        Assert.Equal(200, (await hub.PutAsync($"{All}/files", Spec(null))).Status);
    }

    private static object Spec(object? credentials, string folder = "in", string? id = null) => new
    {
        id, kind = "file", paused = true, credentials, settings = new { host = "sftp.example", user = "u", path = folder, host_key = $"SHA256:{new string('A', 43)}" },
    };

    private static void IsRefused(HubAnswer answer, string field, string code)
    {
        Assert.Equal((422, field, code), (answer.Status, answer.Fields.SingleOrDefault(), answer.Text("code")));
        Assert.DoesNotContain("Xq-", answer.ToString(), StringComparison.Ordinal);
    }
}
