using System.Text.Json;
using MoMo.Domain.Deliveries;
using MoMo.Edge.Drops;
using MoMo.Tests.Specs;

namespace MoMo.Tests.Edge.Drops;

/// <summary>Names and content of files, and where they may go.</summary>
public sealed class DropKindTests
{
    [Fact]
    public async Task Comma_separated_values_are_quoted_where_they_must_be()
    {
        await using var test = new LocalUnderTest("csv");
        await test.SendAsync(1, 2);
        var file = Assert.Single(Directory.GetFiles(test.Folder));
        Assert.Equal($"payments-000000000001-{test.BatchName(1, 2)}.csv", Path.GetFileName(file));
        var text = await File.ReadAllTextAsync(file);
        Assert.StartsWith("delivery_id,type,id,account_id,sequence,", text, StringComparison.Ordinal);
        Assert.Contains(",1250.50,KES,2026-11-03T12:00:00Z,2026-11-03T12:00:00Z,\"Žofia \"\"Z\"\" Nováková\",+254700000001,,\"Rent\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_repeat_replaces_its_file_and_others_and_a_new_round_do_not()
    {
        await using var test = new LocalUnderTest();
        await test.SendAsync(1, 2, 3);
        await test.SendAsync(1, 2, 3);
        Assert.Equal(3, (await test.ReceivedAsync()).Count);
        // A silo that lost the lane, and wakes up in the middle of what it began with fewer.
        await test.SendAsync(1, 2);
        await test.SendAsync(1);
        Assert.Equal((3, 6), (Directory.GetFiles(test.Folder).Length, (await test.ReceivedAsync()).Count));
        var again = test.Message(KindUnderTest.Due(1) with { Attempts = 1, RoundStart = 1 });
        await ((IBatchKind)test.Kind).SendAsync([again], CancellationToken.None);
        Assert.Equal((4, 7), (Directory.GetFiles(test.Folder).Length, (await test.ReceivedAsync()).Count));
    }

    [Theory]
    [InlineData("""{}""", "")]
    [InlineData("""{"path":"a/b"}""", "")]
    [InlineData("""{"path":"../other"}""", "path")]
    [InlineData("""{"path":"/etc"}""", "path")]
    [InlineData("""{"format":"xml","prefix":"../x","batch":{"max":0,"often":1}}""", "batch.max batch.often format prefix")]
    [InlineData("""{"host":"sftp.example","user":"u","host_key":"SHA256:abc"}""", "host_key")]
    [InlineData("""{"host":"sftp.example","user":"u"}""", "host_key")]
    public void Settings_are_checked_and_folders_are_the_accounts_own(string settings, string faults)
    {
        var kind = new DropKind(new DropOptions(), "/var/lib/momo/outbox");
        var found = kind.Locate("acme", null, JsonElement.Parse(settings));
        Assert.Equal(faults, string.Join(' ', (found.Refused?.Faults ?? []).Select(fault => fault.Field).Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void Places_are_shown_as_urls()
    {
        var kind = new DropKind(new DropOptions(), "/var/lib/momo/outbox");
        Assert.Equal("file:///var/lib/momo/outbox/acme", kind.Locate("acme", null, default).Accepted!.AbsoluteUri);
        var settings = JsonElement.Parse($$"""{"host":"sftp.example","user":"u","path":"/in","host_key":"SHA256:{{new string('a', 43)}}"}""");
        Assert.Equal("sftp://sftp.example:22/in", kind.Locate("acme", null, settings).Accepted!.AbsoluteUri);
    }
}
