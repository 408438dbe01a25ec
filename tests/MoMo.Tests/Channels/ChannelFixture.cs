using System.Globalization;
using System.Text.Json;
using MoMo.Tests.Support;

namespace MoMo.Tests.Channels;

/// <summary>A silo that may watch one folder and connect to loopback; account <c>acme</c>; adapters of CSV as tests ask for them.</summary>
public sealed class ChannelFixture : IAsyncLifetime
{
    private static int made;

    internal SiloHost Silo { get; private set; } = null!;

    internal HubClient Hub => Silo.Hub;

    internal TestFolder Root { get; } = new();

    internal string ConnectionString => Silo.Database.AppConnectionString;

    public async Task InitializeAsync()
    {
        Silo = await SiloHost.StartAsync(
            null,
            ("MoMo:Channels:AllowedFolders:0", Root.Path),
            ("MoMo:Channels:AllowedNetworks:0", "127.0.0.0/8"),
            ("MoMo:Channels:AllowedNetworks:1", "::1/128"),
            ("MoMo:Channels:SilenceMax", "00:00:05"));
        await Hub.AddPspAsync("psp");
        await Hub.AddAccountAsync("acme");
    }

    public async Task DisposeAsync()
    {
        await JournalHost.AssertLawfulAsync(Silo.Database);
        await Silo.DisposeAsync();
        Root.Dispose();
    }

    /// <summary>A fresh adapter that reads CSV of id, amount, day and text; its PSP has the same id.</summary>
    internal async Task<string> AddAdapterAsync(string format = "csv", object? settings = null)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"c{Interlocked.Increment(ref made)}");
        await Hub.AddPspAsync(id);
        settings ??= format == "csv"
            ? new { currency = "KES", columns = new { psp_reference = "id", amount = "amount", paid_at = "day", text = "text" } }
            : null;
        await Hub.AddAdapterAsync(id, id, format, settings);
        return id;
    }

    internal async Task SetAsync(string adapter, string kind, object settings, object? secret = null)
    {
        var answer = await Hub.PutAsync($"/v1/adapters/{adapter}/channel", new { kind, settings, secret });
        Assert.True(answer.Status == 200, answer.ToString());
    }

    /// <summary>A folder of its own for an adapter that watches it.</summary>
    internal async Task<(string Adapter, string Folder)> WatchAsync(string format = "csv", Func<string, object>? settings = null)
    {
        var adapter = await AddAdapterAsync(format);
        var folder = Directory.CreateDirectory(Path.Combine(Root.Path, adapter)).FullName;
        await SetAsync(adapter, "folder", settings?.Invoke(folder) ?? new { path = folder, quiet_seconds = 1, interval_seconds = 5 });
        return (adapter, folder);
    }

    internal async Task<JsonElement> ChannelAsync(string adapter) => (await Hub.GetAsync($"/v1/adapters/{adapter}/channel")).Json;

    internal Task<HubAnswer> LookAsync(string adapter) => Hub.PostAsync($"/v1/adapters/{adapter}/channel/look", "{}");

    internal Task<HubAnswer> TryAsync(string adapter) => Hub.PostAsync($"/v1/adapters/{adapter}/channel/test", "{}");

    internal Task<long> PaymentsAsync(string adapter) => CountAsync($"payments WHERE psp_id = '{adapter}'");

    internal Task<long> FilesAsync(string adapter) => CountAsync($"files WHERE adapter_id = '{adapter}'");

    internal Task<long> CountAsync(string condition) => Sql.AskAsync<long>(ConnectionString, $"SELECT count(*) FROM {condition}");

    /// <summary>Waits until the channel says so; looks as often as it takes.</summary>
    internal async Task UntilAsync(string adapter, Func<JsonElement, bool> condition)
    {
        JsonElement last = default;
        await Eventually.TrueAsync(
            async () =>
            {
                last = await ChannelAsync(adapter);
                if (condition(last)) return true;
                await LookAsync(adapter);
                return false;
            },
            () => last.ToString());
    }

    internal Task TakenAsync(string adapter, long count) => UntilAsync(adapter, channel => channel.GetProperty("taken").GetInt64() >= count);

    internal Task AsideAsync(string adapter, long count) => UntilAsync(adapter, channel => channel.GetProperty("set_aside").GetInt64() >= count);

    /// <summary>A look begins and ends after this was called.</summary>
    internal async Task AnotherLookAsync(string adapter)
    {
        await LookAsync(adapter);
        var before = await LookedAtAsync(adapter);
        await UntilAsync(adapter, channel => channel.TryGetProperty("looked_at", out var at) && at.GetDateTimeOffset() > before);
        var then = await LookedAtAsync(adapter);
        await UntilAsync(adapter, channel => channel.GetProperty("looked_at").GetDateTimeOffset() > then);
    }

    private async Task<DateTimeOffset> LookedAtAsync(string adapter) =>
        (await ChannelAsync(adapter)).TryGetProperty("looked_at", out var at) ? at.GetDateTimeOffset() : default;

    /// <summary>
    /// Another statement takes a file's place while that is read, and is as long: it is taken next, and nothing is put away unread.
    /// </summary>
    internal async Task ReplacedWhileReadAsync(string adapter, string file)
    {
        var (old, later, owner) = (Csv("old", 3), Csv("new", 3), Silo.Database.OwnerConnectionString);
        await using (await HeldLock.TakeAsync(owner, "LOCK TABLE payments IN SHARE MODE"))
        {
            await File.WriteAllTextAsync(file, old);
            await LookAsync(adapter);
            await Eventually.TrueAsync(
                async () => await Sql.AskAsync<bool>(owner, $"SELECT count(*) > 0 {HeldLock.Waiting("payments")}"), () => "the payments to be recorded");
            await File.WriteAllTextAsync(file, later);
            // Servers tell seconds.
            File.SetLastWriteTimeUtc(file, File.GetLastWriteTimeUtc(file).AddSeconds(10));
        }

        await TakenAsync(adapter, 2);
        await Eventually.TrueAsync(() => !File.Exists(file), () => $"{file} is still there");
        Assert.Equal((2, 6), (await FilesAsync(adapter), await PaymentsAsync(adapter)));
        var done = new DirectoryInfo(Path.Combine(Path.GetDirectoryName(file)!, "done"));
        if (done.Exists) Assert.Equal(later, await File.ReadAllTextAsync(Assert.Single(done.GetFiles()).FullName));
    }

    /// <summary>A statement of so many payments.</summary>
    internal static string Csv(string prefix, int rows) => "id,amount,day,text\n" + string.Concat(
        Enumerable.Range(1, rows).Select(row => string.Create(CultureInfo.InvariantCulture, $"{prefix}{row},{row}.50,2026-03-01,acme\n")));
}
