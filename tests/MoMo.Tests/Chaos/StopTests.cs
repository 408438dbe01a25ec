using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using MoMo.Tests.Support;
using Xunit.Abstractions;

namespace MoMo.Tests.Chaos;

/// <summary>A silo that is asked to stop answers what it has begun, and leaves in order.</summary>
[Collection(nameof(Chaos))]
public sealed class StopTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Whoever_is_being_served_when_the_silo_stops_gets_an_answer()
    {
        using var folder = new TestFolder();
        var database = await PostgresFixture.CreateDatabaseAsync();
        await using var server = await AccountServer.StartAsync();
        await using var silo = new SiloProcess(output, folder.Path, database);
        await silo.StartAsync();
        await KillTests.PrepareAsync(silo.Hub, server);

        // Half a request is in the silo's hands, and the silo is told to stop.
        var body = Encoding.UTF8.GetBytes("""{"psp":"psp","psp_reference":"R1","account_id":"a0","amount":"10.00","currency":"KES"}""");
        using var rest = new SlowContent(body);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/payments") { Content = rest };
        var answering = silo.Hub.Http.SendAsync(request);
        await rest.HalfSent;
        await silo.TerminateAsync();
        await Eventually.TrueAsync(async () => !await ListensAsync(silo.Hub.Url), () => "the silo to close its door");
        rest.Finish();

        using var answer = await answering;
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal(0, await silo.ExitAsync());
        Assert.Equal(1L, await Sql.AskAsync<long>(database.AppConnectionString, "SELECT count(*) FROM payments"));
        await JournalHost.AssertLawfulAsync(database);
    }

    private static async Task<bool> ListensAsync(Uri url)
    {
        using var socket = new TcpClient();
        try
        {
            await socket.ConnectAsync(url.Host, url.Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private sealed class SlowContent : HttpContent
    {
        private readonly byte[] body;
        private readonly TaskCompletionSource half = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource finish = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public SlowContent(byte[] body)
        {
            this.body = body;
            Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        public Task HalfSent => half.Task;

        public void Finish() => finish.TrySetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(body.AsMemory(0, 20));
            await stream.FlushAsync();
            half.TrySetResult();
            await finish.Task;
            await stream.WriteAsync(body.AsMemory(20));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = body.Length;
            return true;
        }
    }
}
