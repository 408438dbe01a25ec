using System.IO.Compression;
using System.Text;
using MoMo.Tests.Support;

namespace MoMo.Tests.Channels;

/// <summary>A watched folder, end to end: what lies there becomes payments once, and is put away.</summary>
public sealed class FolderChannelTests(ChannelFixture fixture) : IClassFixture<ChannelFixture>
{
    [Fact]
    public async Task A_file_is_taken_and_put_away()
    {
        var (adapter, folder) = await fixture.WatchAsync();
        await File.WriteAllTextAsync(Path.Combine(folder, "day.csv"), ChannelFixture.Csv("F", 3));
        await File.WriteAllTextAsync(Path.Combine(folder, "day2.csv.part"), "id,amount");

        await fixture.TakenAsync(adapter, 1);
        await GoneAsync(Path.Combine(folder, "day.csv"));
        Assert.Equal(3, await fixture.PaymentsAsync(adapter));
        Assert.EndsWith("-day.csv", Assert.Single(Directory.GetFiles(Path.Combine(folder, "done"))), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(folder, "day2.csv.part")));
        var shown = (await fixture.Hub.GetAsync($"/v1/adapters/{adapter}")).Json;
        Assert.Equal(("up", "folder", "working"), (
            shown.GetProperty("state").GetString(), shown.GetProperty("channel").GetProperty("kind").GetString(),
            shown.GetProperty("channel").GetProperty("state").GetString()));
        Assert.Equal(3, shown.GetProperty("channel").GetProperty("payments_new").GetInt64());
    }

    [Fact]
    public async Task A_file_that_appears_in_pieces_is_taken_when_it_is_whole()
    {
        var (adapter, folder) = await fixture.WatchAsync(settings: path => new { path, quiet_seconds = 600, interval_seconds = 5 });
        var rows = ChannelFixture.Csv("P", 40);
        await using (var file = new FileStream(Path.Combine(folder, "slow.csv"), FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite))
        {
            foreach (var piece in rows.Chunk(rows.Length / 4))
            {
                await file.WriteAsync(Encoding.UTF8.GetBytes(piece));
                await file.FlushAsync();
                await fixture.AnotherLookAsync(adapter);
                Assert.Equal(0, await fixture.FilesAsync(adapter));
            }
        }

        // However slow the machine is, nothing was quiet for long enough; now it need not be.
        await fixture.SetAsync(adapter, "folder", new { path = folder, quiet_seconds = 1, interval_seconds = 5 });
        await fixture.TakenAsync(adapter, 1);
        Assert.Equal((1, 40), (await fixture.FilesAsync(adapter), await fixture.PaymentsAsync(adapter)));
    }

    [Fact]
    public async Task A_file_whose_payments_were_not_confirmed_is_fetched_again_and_taken_for_no_other()
    {
        var (adapter, folder) = await fixture.WatchAsync(settings: path => new { path, ready = "at-once", interval_seconds = 5 });
        await using (await HeldLock.TakeAsync(fixture.Silo.Database.OwnerConnectionString, "LOCK TABLE payments IN SHARE MODE"))
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "day.csv"), ChannelFixture.Csv("L", 3));
            await fixture.LookAsync(adapter);
            // The turn is about to commit, and nobody can know any more whether it did.
            await Eventually.TrueAsync(
                async () => await Sql.AskAsync<long>(
                    fixture.Silo.Database.OwnerConnectionString, $"SELECT count(pg_terminate_backend(pid)) {HeldLock.Waiting("payments")}") > 0,
                () => "the payments to be recorded");
        }

        await fixture.UntilAsync(adapter, channel => channel.GetProperty("taken").GetInt64() + channel.GetProperty("set_aside").GetInt64() > 0);
        Assert.Equal((1, 3), (await fixture.FilesAsync(adapter), await fixture.PaymentsAsync(adapter)));
        Assert.Equal(0, (await fixture.ChannelAsync(adapter)).GetProperty("set_aside").GetInt64());
    }

    [Fact]
    public async Task A_marker_says_that_a_file_is_whole()
    {
        var (adapter, folder) = await fixture.WatchAsync(settings: path => new { path, ready = "marker", marker = ".ok", interval_seconds = 5 });
        await File.WriteAllTextAsync(Path.Combine(folder, "a.csv"), ChannelFixture.Csv("M", 1));
        await fixture.AnotherLookAsync(adapter);
        Assert.Equal(0, await fixture.FilesAsync(adapter));

        await File.WriteAllTextAsync(Path.Combine(folder, "a.csv.ok"), "");
        await fixture.TakenAsync(adapter, 1);
        await GoneAsync(Path.Combine(folder, "a.csv.ok"));
        Assert.Equal(1, await fixture.FilesAsync(adapter));
    }

    [Fact]
    public async Task The_same_bytes_are_taken_once_under_whatever_name_and_however_often_they_come_back()
    {
        var (adapter, folder) = await fixture.WatchAsync(settings: path => new { path, ready = "at-once", interval_seconds = 5 });
        var text = ChannelFixture.Csv("S", 2);
        await File.WriteAllTextAsync(Path.Combine(folder, "one.csv"), text);
        await fixture.TakenAsync(adapter, 1);
        await File.WriteAllTextAsync(Path.Combine(folder, "two.csv"), text);
        await fixture.TakenAsync(adapter, 2);

        // The very same file again, as a server that restores a backup does: put away without being read.
        await GoneAsync(Path.Combine(folder, "two.csv"));
        var back = Directory.GetFiles(Path.Combine(folder, "done"), "*-one.csv").Single();
        File.Move(back, Path.Combine(folder, "one.csv"));
        await GoneAsync(Path.Combine(folder, "one.csv"), () => fixture.LookAsync(adapter));

        Assert.Equal((1, 2), (await fixture.FilesAsync(adapter), await fixture.PaymentsAsync(adapter)));
        var channel = await fixture.ChannelAsync(adapter);
        Assert.Equal((2, 2, 2), (channel.GetProperty("taken").GetInt32(), channel.GetProperty("payments_new").GetInt32(), channel.GetProperty("payments_known").GetInt32()));
    }

    [Theory]
    [InlineData("move")]
    [InlineData("delete")]
    public async Task What_takes_a_files_place_while_that_is_read_is_taken_next(string after)
    {
        var (adapter, folder) = await fixture.WatchAsync(settings: path => new { path, ready = "at-once", after, interval_seconds = 5 });
        await fixture.ReplacedWhileReadAsync(adapter, Path.Combine(folder, "statement.csv"));
    }

    [Fact]
    public async Task A_crash_between_taking_and_moving_takes_nothing_twice()
    {
        var (adapter, folder) = await fixture.WatchAsync(settings: path => new { path, pattern = "*.csv", ready = "at-once", interval_seconds = 5 });
        // Nobody can move into a file: taken, but not put away, as after a kill.
        await File.WriteAllTextAsync(Path.Combine(folder, "done"), "");
        await File.WriteAllTextAsync(Path.Combine(folder, "k.csv"), ChannelFixture.Csv("K", 2));
        await fixture.UntilAsync(adapter, channel => channel.GetProperty("state").GetString() == "failing");
        Assert.Equal(2, await fixture.PaymentsAsync(adapter));
        await StateAsync(adapter, "down", "done");
        // The kill before that was recorded.
        await Sql.DoAsync(fixture.Silo.Database.OwnerConnectionString, $"UPDATE channel_items SET state = 'seen' WHERE adapter_id = '{adapter}'");

        File.Delete(Path.Combine(folder, "done"));
        await GoneAsync(Path.Combine(folder, "k.csv"), () => fixture.LookAsync(adapter));
        await fixture.UntilAsync(adapter, channel => channel.GetProperty("state").GetString() == "working");
        Assert.Equal((1, 2), (await fixture.FilesAsync(adapter), await fixture.PaymentsAsync(adapter)));
        await StateAsync(adapter, "up");
    }

    [Fact]
    public async Task A_poisonous_file_is_moved_aside_with_the_reason_and_keeps_no_other()
    {
        var (adapter, folder) = await fixture.WatchAsync("camt.053", path => new { path, ready = "at-once", interval_seconds = 5 });
        await File.WriteAllTextAsync(Path.Combine(folder, "a-poison.xml"), "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.02\"><BkToCstmrStmt>");
        File.Copy(RepositoryFolder.Find("tests", "MoMo.Tests", "Golden", "camt.053", "datetime_zones.xml"), Path.Combine(folder, "b-good.xml"));

        await fixture.AsideAsync(adapter, 1);
        await fixture.TakenAsync(adapter, 1);
        string[] failed = [];
        await Eventually.TrueAsync(
            () => (failed = [.. Directory.GetFiles(Path.Combine(folder, "failed")).Order(StringComparer.Ordinal)]) is [_, { } why] && why.EndsWith(".txt", StringComparison.Ordinal),
            () => $"the file and its reason: {string.Join(", ", failed)}");
        Assert.EndsWith("-a-poison.xml", failed[0], StringComparison.Ordinal);
        Assert.Contains("refused", await File.ReadAllTextAsync(failed[1]), StringComparison.Ordinal);
        Assert.Equal(2, await fixture.PaymentsAsync(adapter));
        await StateAsync(adapter, "degraded", "channel: set aside: a-poison.xml");

        // A day later it is known, and the channel is as well as ever.
        await Sql.DoAsync(fixture.Silo.Database.OwnerConnectionString, $"UPDATE channels SET aside_at = aside_at - interval '1 day' WHERE adapter_id = '{adapter}'");
        await fixture.AnotherLookAsync(adapter);
        await StateAsync(adapter, "up");
    }

    [Fact]
    public async Task Who_has_seen_to_what_was_set_aside_says_so_and_the_adapter_is_up_until_the_next_one()
    {
        var (adapter, folder) = await fixture.WatchAsync("camt.053", path => new { path, ready = "at-once", interval_seconds = 5 });
        await File.WriteAllTextAsync(Path.Combine(folder, "poison.xml"), "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.02\"><BkToCstmrStmt>");
        await fixture.AsideAsync(adapter, 1);
        await StateAsync(adapter, "degraded", "channel: set aside: poison.xml");
        await fixture.AnotherLookAsync(adapter);
        await StateAsync(adapter, "degraded", "channel: set aside: poison.xml");

        var seen = await fixture.Hub.PostAsync($"/v1/adapters/{adapter}/channel/acknowledge", "{}");
        Assert.True(seen.Status == 200, seen.ToString());
        Assert.True(seen.Json.GetProperty("acknowledged_at").GetDateTimeOffset() > seen.Json.GetProperty("aside_at").GetDateTimeOffset());
        await StateAsync(adapter, "up");
        Assert.Equal(1, (await fixture.ChannelAsync(adapter)).GetProperty("set_aside").GetInt64());
        Assert.Equal(2, Directory.GetFiles(Path.Combine(folder, "failed")).Length);

        await File.WriteAllTextAsync(Path.Combine(folder, "another.xml"), "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.02\"><Oops>");
        await fixture.AsideAsync(adapter, 2);
        await StateAsync(adapter, "degraded", "channel: set aside: another.xml");
        Assert.Equal(404, (await fixture.Hub.PostAsync($"/v1/adapters/{await fixture.AddAdapterAsync()}/channel/acknowledge", "{}")).Status);
        using var account = fixture.Silo.As(await fixture.Hub.AddKeyAsync("account:acme"));
        Assert.Equal(403, (await account.PostAsync($"/v1/adapters/{adapter}/channel/acknowledge", "{}")).Status);
    }

    [Fact]
    public async Task A_packed_file_that_is_cut_off_does_not_pass_for_a_whole_one()
    {
        var (adapter, folder) = await fixture.WatchAsync(settings: path => new { path, ready = "at-once", unpack = true, interval_seconds = 5 });
        await using (var packed = File.Create(Path.Combine(folder, "cut.csv.gz")))
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(ChannelFixture.Csv("Z", 20_000)));
        using (var cut = File.OpenWrite(Path.Combine(folder, "cut.csv.gz"))) cut.SetLength(cut.Length / 2);

        await fixture.AsideAsync(adapter, 1);
        Assert.Equal((0, 0), (await fixture.FilesAsync(adapter), await fixture.PaymentsAsync(adapter)));
        Assert.Contains("damaged", (await fixture.ChannelAsync(adapter)).GetProperty("aside_detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Archives_are_unpacked_and_bombs_are_not()
    {
        var (adapter, folder) = await fixture.WatchAsync(settings: path => new { path, ready = "at-once", unpack = true, size_max_mb = 30, interval_seconds = 5 });
        await using (var file = File.Create(Path.Combine(folder, "a.zip.part")))
        {
            using var zip = new ZipArchive(file, ZipArchiveMode.Create);
            foreach (var name in new[] { "x/one.csv", "two.csv" })
            {
                await using var entry = zip.CreateEntry(name).Open();
                await entry.WriteAsync(Encoding.UTF8.GetBytes(ChannelFixture.Csv(name[..1], 2)));
            }
        }

        File.Move(Path.Combine(folder, "a.zip.part"), Path.Combine(folder, "a.zip"));
        await using (var file = File.Create(Path.Combine(folder, "bomb.csv.gz.part")))
        await using (var gzip = new GZipStream(file, CompressionLevel.SmallestSize))
            for (var piece = 0; piece < 40; piece++) await gzip.WriteAsync(new byte[1024 * 1024]);
        File.Move(Path.Combine(folder, "bomb.csv.gz.part"), Path.Combine(folder, "bomb.csv.gz"));

        await fixture.AsideAsync(adapter, 1);
        await fixture.TakenAsync(adapter, 2);
        Assert.Equal((2, 4), (await fixture.FilesAsync(adapter), await fixture.PaymentsAsync(adapter)));
        Assert.Equal(1, await fixture.CountAsync($"files WHERE adapter_id = '{adapter}' AND name = 'a.zip/one.csv'"));
    }

    [Fact]
    public async Task A_file_that_is_too_large_is_set_aside_unread()
    {
        var (adapter, folder) = await fixture.WatchAsync(settings: path => new { path, ready = "at-once", size_max_mb = 1, interval_seconds = 5 });
        await File.WriteAllBytesAsync(Path.Combine(folder, "large.csv"), new byte[1024 * 1024 + 1]);
        await fixture.AsideAsync(adapter, 1);
        Assert.Equal(0, await fixture.FilesAsync(adapter));
    }

    [Fact]
    public async Task What_may_not_be_moved_is_left_and_taken_once()
    {
        var (adapter, folder) = await fixture.WatchAsync(settings: path => new { path, after = "leave", ready = "at-once", pattern = "*.csv", interval_seconds = 5 });
        await File.WriteAllTextAsync(Path.Combine(folder, "stays.csv"), ChannelFixture.Csv("L", 1));
        await File.WriteAllTextAsync(Path.Combine(folder, "other.txt"), "not for us");
        await fixture.TakenAsync(adapter, 1);
        await fixture.AnotherLookAsync(adapter);
        Assert.Equal(1, (await fixture.ChannelAsync(adapter)).GetProperty("taken").GetInt32());
        Assert.True(File.Exists(Path.Combine(folder, "stays.csv")));
    }

    [Fact]
    public async Task Only_allowed_folders_can_be_watched_and_every_fault_is_named()
    {
        var adapter = await fixture.AddAdapterAsync();
        var refused = await fixture.Hub.PutAsync($"/v1/adapters/{adapter}/channel", new { kind = "folder", settings = new { path = "/etc", pattrn = "*", ready = "soon" } });
        Assert.Equal(422, refused.Status);
        Assert.Equal(["path", "pattrn", "ready"], refused.Fields);
        var below = await fixture.Hub.PutAsync($"/v1/adapters/{adapter}/channel", new { kind = "folder", settings = new { path = "../../etc" } });
        Assert.Equal(422, below.Status);
        Assert.Equal("channel-kind-unknown", (await fixture.Hub.PutAsync($"/v1/adapters/{adapter}/channel", new { kind = "pigeon" })).Text("code"));
        Assert.Equal(404, (await fixture.Hub.PutAsync("/v1/adapters/nobody/channel", new { kind = "folder", settings = new { path = "x" } })).Status);
        Assert.Equal("channel-unknown", (await fixture.Hub.GetAsync($"/v1/adapters/{adapter}/channel")).Text("code"));
    }

    [Fact]
    public async Task A_test_says_what_is_there_or_what_is_wrong()
    {
        var adapter = await fixture.AddAdapterAsync();
        await fixture.SetAsync(adapter, "folder", new { path = "not-there" });
        var wrong = await fixture.TryAsync(adapter);
        Assert.False(wrong.Json.GetProperty("works").GetBoolean());
        Assert.Contains("does not exist", wrong.Text("detail"), StringComparison.Ordinal);
        await fixture.UntilAsync(adapter, channel => channel.GetProperty("state").GetString() == "failing");
        await Eventually.TrueAsync(async () => (await fixture.Hub.GetAsync($"/v1/adapters/{adapter}")).Text("state") == "down", () => "not down");

        var folder = Directory.CreateDirectory(Path.Combine(fixture.Root.Path, "not-there")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "x.csv"), "id\n");
        var right = await fixture.TryAsync(adapter);
        Assert.True(right.Json.GetProperty("works").GetBoolean());
        Assert.Equal(1, right.Json.GetProperty("count").GetInt32());
        Assert.Equal(204, (await fixture.Hub.SendAsync(HttpMethod.Delete, $"/v1/adapters/{adapter}/channel", null)).Status);
        Assert.Equal(404, (await fixture.TryAsync(adapter)).Status);
    }

    /// <summary>The adapter comes into a state for this reason: it is told after the look, and what was told before may still show.</summary>
    private async Task StateAsync(string adapter, string state, string? detail = null)
    {
        HubAnswer? shown = null;
        await Eventually.TrueAsync(
            async () =>
            {
                shown = await fixture.Hub.GetAsync($"/v1/adapters/{adapter}");
                return shown.Text("state") == state && (detail is null || shown.Text("state_detail")?.Contains(detail, StringComparison.Ordinal) == true);
            },
            () => $"not {state}: {shown}");
    }

    private static Task GoneAsync(string file, Func<Task>? meanwhile = null) => Eventually.TrueAsync(
        async () =>
        {
            if (!File.Exists(file)) return true;
            if (meanwhile is not null) await meanwhile();
            return false;
        },
        () => $"{file} is still there");
}
