using MoMo.Tests.Specs;

namespace MoMo.Tests.Edge.Webhooks;

public sealed class WebhookKindSpec : DestinationKindSpec
{
    private protected override async Task<KindUnderTest> StartAsync() => await WebhookUnderTest.StartAsync();
}
