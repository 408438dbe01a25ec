using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using MoMo.Silo.Files;
using MoMo.Storage.Files;
using MoMo.Tests.Support;

namespace MoMo.Tests.Api;

/// <summary>Statement files on their way: how many at once, how long, and that slow senders hold nothing.</summary>
public sealed class FileUploadTests(HubFixture fixture) : IClassFixture<HubFixture>
{
    private HubClient Hub => fixture.Hub;

    [Fact]
    public async Task Four_files_are_received_at_once_two_of_one_adapter_and_slow_senders_hold_no_connection()
    {
        foreach (var adapter in (string[])["slow", "slow-too", "other"])
            await Hub.AddFileAdapterAsync(adapter, "csv", JsonElement.Parse(StatementFiles.PortalSettings));
        List<Socket> senders = [];
        try
        {
            await SendSlowlyAsync("slow", FileIntake.OwnMax);
            await RefusedAsync("slow");
            Assert.Equal(201, (await Hub.SendFileAsync("other", StatementFiles.Golden("csv-mpesa", "portal_short_ddmmyyyy.csv"))).Status);

            await SendSlowlyAsync("slow-too", FileIntake.UploadsMax);
            await RefusedAsync("other");
            Assert.Equal(0, await fixture.CountAsync("pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%' AND query LIKE '%proof_packs%'"));
        }
        finally
        {
            foreach (var sender in senders) sender.Dispose();
        }

        async Task SendSlowlyAsync(string adapter, int all)
        {
            var intake = fixture.Silo.Services.GetRequiredService<FileIntake>();
            while (senders.Count < all) senders.Add(await BeginAsync(adapter, 1_000));
            await Eventually.TrueAsync(() => intake.Receiving == all, () => $"{intake.Receiving} files");
        }

        async Task RefusedAsync(string adapter)
        {
            var refused = await Hub.SendFileAsync(adapter, [1]);
            Assert.Equal((503, "busy", "2"), (refused.Status, refused.Text("code"), refused.Headers["Retry-After"]));
        }

        var taken = await Hub.SendFileAsync("slow", StatementFiles.Golden("csv-mpesa", "portal_short_ddmmyyyy.csv"));
        await Eventually.TrueAsync(async () => (taken = await Hub.SendFileAsync("slow", StatementFiles.Golden("csv-mpesa", "portal_short_ddmmyyyy.csv"))).Status is 200 or 201, () => taken.ToString());
    }

    [Fact]
    public async Task A_file_over_the_limit_is_too_large()
    {
        await Hub.AddFileAdapterAsync("large", "csv", JsonElement.Parse(StatementFiles.PortalSettings));
        using var sender = await BeginAsync("large", FileStore.SizeMax + 1);
        var answer = new byte[15];
        await sender.ReceiveAsync(answer);
        Assert.StartsWith("HTTP/1.1 413", System.Text.Encoding.ASCII.GetString(answer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sender_who_sends_next_to_nothing_loses_his_place()
    {
        await Hub.AddFileAdapterAsync("asleep", "csv", JsonElement.Parse(StatementFiles.PortalSettings));
        using var sender = await BeginAsync("asleep", 1_000_000);
        await sender.SendAsync(new byte[64 * 1024]);
        var answer = new byte[15];
        await sender.ReceiveAsync(answer).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.StartsWith("HTTP/1.1 408", System.Text.Encoding.ASCII.GetString(answer), StringComparison.Ordinal);
    }

    /// <summary>Begins to send a file and stops after its first byte.</summary>
    private async Task<Socket> BeginAsync(string adapter, long length)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(Hub.Url.Host, Hub.Url.Port);
        await socket.SendAsync(System.Text.Encoding.ASCII.GetBytes(
            $"POST /v1/adapters/{adapter}/files HTTP/1.1\r\nHost: hub\r\nAuthorization: {Hub.Http.DefaultRequestHeaders.Authorization}\r\nContent-Length: {length}\r\n\r\nx"));
        return socket;
    }
}
