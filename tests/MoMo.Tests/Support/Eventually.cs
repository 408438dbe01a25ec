namespace MoMo.Tests.Support;

/// <summary>Waits for what another process or the network does in its own time. How long it takes is never judged, only whether it comes.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(25);

    /// <summary>Ends when the condition holds; fails the test, with the last state, when it does not come about.</summary>
    public static async Task TrueAsync(Func<Task<bool>> condition, Func<string> state)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(began) > Patience) Assert.Fail($"Waited {Patience.TotalSeconds} s in vain: {state()}");
            await Task.Delay(Look);
        }
    }

    /// <summary>Ends when the condition holds.</summary>
    public static Task TrueAsync(Func<bool> condition, Func<string> state) => TrueAsync(() => Task.FromResult(condition()), state);
}
