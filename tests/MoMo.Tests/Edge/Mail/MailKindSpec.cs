using MoMo.Tests.Specs;

namespace MoMo.Tests.Edge.Mail;

public sealed class MailKindSpec : DestinationKindSpec
{
    private protected override Task<KindUnderTest> StartAsync() => Task.FromResult<KindUnderTest>(new MailUnderTest());
}
