using MoMo.Simulator.Schedule;

namespace MoMo.Simulator.Model;

/// <summary>A connection to the store, as the server sees it.</summary>
internal sealed class Session(Process client)
{
    public Process Client => client;

    /// <summary>The server has given it up: whatever it asks now fails.</summary>
    public bool IsBroken { get; set; }

    /// <summary>Locks that its transaction holds.</summary>
    public HashSet<string> Locks { get; } = [];

    /// <summary>The lock that it waits for.</summary>
    public string? WaitsFor { get; set; }

    /// <summary>Keys that its transaction claimed and has not committed.</summary>
    public Dictionary<(string Psp, string Reference), Guid> Keys { get; } = [];

    /// <summary>A transaction is open.</summary>
    public bool IsOpen { get; set; }
}
