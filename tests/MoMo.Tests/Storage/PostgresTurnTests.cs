using MoMo.Tests.Specs;

namespace MoMo.Tests.Storage;

/// <summary>What PostgreSQL keeps of what stores promise to turns.</summary>
public sealed class PostgresTurnTests : TurnSpec
{
    protected override Task RunAsync(Func<StoreUnderTest, Task> body) => PostgresStore.RunAsync(body);
}
