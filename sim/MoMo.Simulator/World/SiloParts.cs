using MoMo.Simulator.Hunt;
using MoMo.Simulator.Model;
using MoMo.Simulator.Oracles;
using MoMo.Simulator.Schedule;

namespace MoMo.Simulator.World;

/// <summary>What a silo finds in its world.</summary>
internal sealed record SiloParts(
    Loop Loop, Store Store, Weather Weather, Judge Judge, LookupServers Lookups, IReadOnlyDictionary<Uri, AccountServer> Servers, Random Chance, Defect Defect)
{
    /// <summary>How often a silo looks at the agenda unasked.</summary>
    public TimeSpan Poll { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a lane stays a dead silo's.</summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(20);
}
