using MoMo.Tests.Specs;

namespace MoMo.Tests.Simulator;

/// <summary>What the simulator's model keeps of what stores promise to turns that were decided from memory.</summary>
public sealed class ModelMemoryTurnTests : MemoryTurnSpec
{
    protected override Task RunAsync(Func<StoreUnderTest, Task> body) => ModelUnderTest.RunAsync(body);
}
