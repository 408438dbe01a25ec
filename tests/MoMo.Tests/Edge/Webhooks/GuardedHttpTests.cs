using System.Net;
using MoMo.Edge.Webhooks;

namespace MoMo.Tests.Edge.Webhooks;

public sealed class GuardedHttpTests
{
    [Fact]
    public void A_handler_takes_no_detours()
    {
        using var handler = GuardedHttp.CreateHandler(new WebhookOptions());

        Assert.False(handler.UseProxy);
        Assert.False(handler.AllowAutoRedirect);
        Assert.False(handler.UseCookies);
        Assert.Null(handler.Credentials);
        Assert.Null(handler.ActivityHeadersPropagator);
        Assert.NotNull(handler.ConnectCallback);
        Assert.Equal(DecompressionMethods.None, handler.AutomaticDecompression);
        Assert.Equal((1_000, TimeSpan.FromMinutes(2)), (handler.MaxConnectionsPerServer, handler.PooledConnectionLifetime));
        Assert.Equal(TimeSpan.FromSeconds(5), handler.ConnectTimeout);
    }
}
