namespace MoMo.Tests.Support;

/// <summary>One silo for all tests of a class.</summary>
public sealed class SiloFixture : IAsyncLifetime
{
    internal SiloHost Silo { get; private set; } = null!;

    public async Task InitializeAsync() => Silo = await SiloHost.StartAsync();

    public async Task DisposeAsync() => await Silo.DisposeAsync();
}
