using MoMo.Domain.Deliveries;
using MoMo.Edge.Webhooks;
using MoMo.Tests.Specs;

namespace MoMo.Tests.Edge.Webhooks;

/// <summary>A webhook with a server.</summary>
internal sealed class WebhookUnderTest : KindUnderTest
{
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly WebhookKind kind;
    private Receiver receiver = null!;
    private int status = 200;

    private WebhookUnderTest()
    {
        var options = Sending.Loopback();
        options.Timeout = TimeSpan.FromSeconds(2);
        kind = Sending.Kind(options);
    }

    public override IDestinationKind Kind => kind;

    protected override Uri Url => receiver.Url;

    public static async Task<WebhookUnderTest> StartAsync()
    {
        var test = new WebhookUnderTest();
        test.receiver = await Receiver.StartAsync(async http =>
        {
            if (test.status == 0) await test.ended.Task;
            else http.Response.StatusCode = test.status;
        });
        return test;
    }

    public override Task<IReadOnlyList<Guid>> ReceivedAsync() =>
        Task.FromResult<IReadOnlyList<Guid>>([.. receiver.Requests.Select(one => Guid.Parse(one.Header("webhook-id")!))]);

    public override Task RefuseAsync()
    {
        status = 500;
        return Task.CompletedTask;
    }

    public override Task ServeAsync()
    {
        status = 200;
        return Task.CompletedTask;
    }

    public override Task LeaveAsync() => RefuseAsync();

    public override Task<bool> FallSilentAsync()
    {
        status = 0;
        return Task.FromResult(true);
    }

    public override async ValueTask DisposeAsync()
    {
        ended.TrySetResult();
        await receiver.DisposeAsync();
        kind.Dispose();
    }
}
