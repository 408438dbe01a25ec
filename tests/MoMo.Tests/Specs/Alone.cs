namespace MoMo.Tests.Specs;

/// <summary>Tests that measure the process's memory run while no others do.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
