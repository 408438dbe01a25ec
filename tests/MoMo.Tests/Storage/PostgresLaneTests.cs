using MoMo.Tests.Specs;

namespace MoMo.Tests.Storage;

/// <summary>What PostgreSQL keeps of what stores promise to deliverers.</summary>
public sealed class PostgresLaneTests : LaneSpec
{
    protected override Task RunAsync(Func<StoreUnderTest, Task> body) => PostgresStore.RunAsync(body);
}
