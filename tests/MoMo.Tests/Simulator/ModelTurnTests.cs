using MoMo.Tests.Specs;

namespace MoMo.Tests.Simulator;

/// <summary>What the simulator's model keeps of what stores promise to turns.</summary>
public sealed class ModelTurnTests : TurnSpec
{
    protected override Task RunAsync(Func<StoreUnderTest, Task> body) => ModelUnderTest.RunAsync(body);
}
