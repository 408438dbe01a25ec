using MoMo.Tests.Specs;

namespace MoMo.Tests.Simulator;

/// <summary>What the simulator's model keeps of what stores promise to deliverers.</summary>
public sealed class ModelLaneTests : LaneSpec
{
    protected override Task RunAsync(Func<StoreUnderTest, Task> body) => ModelUnderTest.RunAsync(body);
}
