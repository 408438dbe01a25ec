using MoMo.Domain.Deliveries;
using MoMo.Edge.Drops;
using MoMo.Tests.Channels;
using MoMo.Tests.Specs;
using MoMo.Tests.Support;

namespace MoMo.Tests.Edge.Drops;

/// <summary>Files that are uploaded to OpenSSH's own server.</summary>
public sealed class SftpDropTests
{
    private const string Sshd = "/usr/sbin/sshd";
    private const string Package = "openssh-server";

    [ServerFact(Sshd, Package)]
    public async Task Files_appear_whole_and_a_repeat_replaces_what_was_there()
    {
        await using var test = await SftpUnderTest.StartAsync();
        var many = Enumerable.Range(1, 200).ToArray(); // several pieces
        foreach (var _ in Enumerable.Range(0, 2))
        {
            var result = await test.SendAsync(many);
            Assert.True(result.Verdict == AttemptVerdict.Delivered, result.Error);
        }

        Assert.Equal(many.Select(KindUnderTest.Id), await test.ReceivedAsync());
        Assert.Equal([$"payments-000000000001-{test.BatchName(many)}.ndjson"], Directory.GetFileSystemEntries(test.Folder).Select(Path.GetFileName));
    }

    [ServerFact(Sshd, Package)]
    public async Task What_is_refused_or_gone_is_tried_again_and_no_error_tells_a_secret()
    {
        await using var test = await SftpUnderTest.StartAsync();
        await test.RefuseAsync();
        await IsRetriedAsync(test, DeliveryCause.AccountRejected, "no such file or folder");
        await test.ServeAsync();
        test.WrongKey = $"SHA256:{new string('a', 43)}";
        await IsRetriedAsync(test, DeliveryCause.BadDestination, "host key");
        test.WrongKey = null;
        Assert.Equal(AttemptVerdict.Delivered, (await test.SendAsync(1)).Verdict);
        await test.LeaveAsync();
        await IsRetriedAsync(test, DeliveryCause.AccountUnreachable, "refused");
    }

    [ServerFact(Sshd, Package)]
    public async Task A_login_that_is_refused_is_not_taken_for_a_server_that_is_away()
    {
        await using var test = await SftpUnderTest.StartAsync();
        using var place = new TestFolder();
        test.WrongCredentials = new() { ["password"] = "Xq-not-the-password" };
        await IsRetriedAsync(test, DeliveryCause.AccountRejected, "does not let the hub in");
        test.WrongCredentials = new() { ["private_key"] = await SshKeys.MakeAsync(place) };
        await IsRetriedAsync(test, DeliveryCause.AccountRejected, "does not let the hub in");
        // The right key, but shut.
        var shut = await SshKeys.ShutAsync(place, test.Key, "Yr-words");
        test.WrongCredentials = new() { ["private_key"] = shut, ["passphrase"] = "Xq-others" };
        await IsRetriedAsync(test, DeliveryCause.BadDestination, "passphrase is wrong");
        test.WrongCredentials = new() { ["private_key"] = "garbage" };
        await IsRetriedAsync(test, DeliveryCause.BadDestination, "private key can't be read");
        foreach (var none in (Dictionary<string, string>[])[[], new() { ["password"] = "" }, new() { ["passphrase"] = "Xq-alone" }])
        {
            test.WrongCredentials = none;
            await IsRetriedAsync(test, DeliveryCause.BadDestination, "no credentials");
        }

        test.WrongCredentials = new() { ["private_key"] = shut, ["passphrase"] = "Yr-words" };
        Assert.Equal(AttemptVerdict.Delivered, (await test.SendAsync(1)).Verdict);
    }

    [ServerFact(Sshd, Package)]
    public async Task A_server_that_lets_nothing_be_deleted_gets_files_all_the_same()
    {
        await using var test = await SftpUnderTest.StartAsync("remove,posix-rename");
        var result = await test.SendAsync(1);
        Assert.True(result.Verdict == AttemptVerdict.Delivered, result.Error);
        Assert.Equal([KindUnderTest.Id(1)], await test.ReceivedAsync());
        // What is there already can't be replaced, nor the rest of the attempt deleted. The first is what is told.
        await IsRetriedAsync(test, DeliveryCause.AccountRejected, "can't be renamed");
        Assert.Equal(AttemptVerdict.Delivered, (await test.SendAsync(2)).Verdict);
    }

    [ServerFact(Sshd, Package)]
    public async Task A_server_that_replaces_nothing_has_what_is_there_deleted_first()
    {
        await using var test = await SftpUnderTest.StartAsync("posix-rename");
        foreach (var _ in Enumerable.Range(0, 2))
        {
            var result = await test.SendAsync(1);
            Assert.True(result.Verdict == AttemptVerdict.Delivered, result.Error);
        }

        Assert.Equal([$"payments-000000000001-{KindUnderTest.Id(1)}.ndjson"], Directory.GetFileSystemEntries(test.Folder).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Private_addresses_are_refused_unless_they_are_allowed()
    {
        var kind = new DropKind(new DropOptions(), "/nowhere");
        var settings = System.Text.Json.JsonSerializer.SerializeToElement(
            new { host = "169.254.169.254", user = "u", host_key = $"SHA256:{new string('a', 43)}" });
        var to = new LaneDestination(1, "acme", "file", new Uri("sftp://x"), [], false)
        {
            Settings = settings, Credentials = new Dictionary<string, string> { ["password"] = "p" },
        };
        var message = new DeliveryMessage(KindUnderTest.Id(1), to.Url, [], "{\"a\":1}"u8.ToArray()) { Due = KindUnderTest.Due(1), To = to };
        var result = await kind.SendAsync([message], CancellationToken.None);
        Assert.Equal(DeliveryCause.BadDestination, result.Cause);
        Assert.Contains("MoMo:Files:AllowedNetworks", result.Error, StringComparison.Ordinal);
    }

    private static async Task IsRetriedAsync(SftpUnderTest test, DeliveryCause cause, string words)
    {
        var result = await test.SendAsync(1);
        Assert.Equal((AttemptVerdict.Retry, cause), (result.Verdict, result.Cause));
        Assert.Contains(words, result.Error, StringComparison.Ordinal);
        foreach (var secret in test.Secrets.Append("Xq-")) Assert.DoesNotContain(secret, result.Error, StringComparison.Ordinal);
    }
}
