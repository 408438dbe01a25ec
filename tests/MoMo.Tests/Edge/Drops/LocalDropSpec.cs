using MoMo.Tests.Specs;

namespace MoMo.Tests.Edge.Drops;

public sealed class LocalDropSpec : DestinationKindSpec
{
    private protected override Task<KindUnderTest> StartAsync() => Task.FromResult<KindUnderTest>(new LocalUnderTest());
}
