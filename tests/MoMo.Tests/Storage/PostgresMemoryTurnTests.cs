using MoMo.Tests.Specs;

namespace MoMo.Tests.Storage;

/// <summary>What PostgreSQL keeps of what stores promise to turns that were decided from memory.</summary>
public sealed class PostgresMemoryTurnTests : MemoryTurnSpec
{
    protected override Task RunAsync(Func<StoreUnderTest, Task> body) => PostgresStore.RunAsync(body);
}
