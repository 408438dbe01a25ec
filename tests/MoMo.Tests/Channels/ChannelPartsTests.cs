using Microsoft.Extensions.DependencyInjection;
using MoMo.Storage.Channels;
using MoMo.Storage.Files;
using MoMo.Tests.Support;

namespace MoMo.Tests.Channels;

/// <summary>What channels are made of, where it can't be seen from outside.</summary>
public sealed class ChannelPartsTests(ChannelFixture fixture) : IClassFixture<ChannelFixture>
{
    [Fact]
    public async Task A_file_that_can_t_be_read_is_tried_ever_more_seldom()
    {
        var adapter = await fixture.AddAdapterAsync("json"); // which nobody resumes
        var store = fixture.Silo.Services.GetRequiredService<FileStore>();
        var (file, _) = await store.KeepAsync(adapter, "stuck", new MemoryStream([1, 2, 3]), CancellationToken.None);
        async Task<bool> IsDueAsync(double seconds) =>
            (await store.UnfinishedAsync(TimeProvider.System.GetUtcNow().AddSeconds(seconds), CancellationToken.None)).Any(one => one.Id == file.Id);

        Assert.True(await IsDueAsync(1));
        foreach (var minutes in new[] { 1, 2, 4, 8, 10, 10 })
        {
            await store.PutOffAsync(file.Id, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10), CancellationToken.None);
            Assert.False(await IsDueAsync(minutes * 60 - 30));
            Assert.True(await IsDueAsync(minutes * 60 + 1));
        }
    }

    [Fact]
    public async Task A_changed_channel_keeps_its_secret_unless_its_kind_changes()
    {
        var adapter = await fixture.AddAdapterAsync();
        var store = fixture.Silo.Services.GetRequiredService<ChannelStore>();
        await fixture.SetAsync(adapter, "sftp", new { host = "127.0.0.1", port = 1, user = "u", path = "/" }, new { password = "hidden" });
        var sealedText = (await store.FindAsync(adapter, CancellationToken.None))!.SealedSecret!;
        Assert.DoesNotContain("hidden", sealedText, StringComparison.Ordinal);
        await fixture.SetAsync(adapter, "sftp", new { host = "127.0.0.1", port = 1, user = "u", path = "/other" });
        Assert.Equal(sealedText, (await store.FindAsync(adapter, CancellationToken.None))!.SealedSecret);
        Assert.True((await fixture.ChannelAsync(adapter)).GetProperty("has_secret").GetBoolean());
        await fixture.SetAsync(adapter, "ftp", new { host = "127.0.0.1", port = 2, user = "u", path = "/" });
        Assert.False((await fixture.ChannelAsync(adapter)).GetProperty("has_secret").GetBoolean());
        Assert.DoesNotContain("hidden", (await fixture.Hub.GetAsync($"/v1/adapters/{adapter}")).ToString(), StringComparison.Ordinal);
    }
}
