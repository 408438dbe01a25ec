namespace MoMo.Simulator.Real;

/// <summary>What a seed does to a hub of real processes. The plan is the same every time; what the processes make of it is not.</summary>
internal static class RealPlan
{
    private static readonly RealFaultKind[] Kinds =
    [
        RealFaultKind.Kill, RealFaultKind.Kill, RealFaultKind.Kill, RealFaultKind.Freeze, RealFaultKind.Freeze, RealFaultKind.Cut, RealFaultKind.Cut,
        RealFaultKind.Cut, RealFaultKind.Cut, RealFaultKind.Delay, RealFaultKind.Delay, RealFaultKind.Mute, RealFaultKind.Mute, RealFaultKind.Mute,
        RealFaultKind.Stall, RealFaultKind.Stall, RealFaultKind.DatabaseKill, RealFaultKind.DatabaseStop, RealFaultKind.Server, RealFaultKind.Server,
        RealFaultKind.Server, RealFaultKind.Server, RealFaultKind.Lookup,
    ];

    /// <summary>The faults of a seed, in order of time.</summary>
    /// <param name="seed">Decides all.</param>
    /// <param name="length">How long the load lasts.</param>
    public static IReadOnlyList<RealFault> Make(int seed, TimeSpan length)
    {
        var chance = new Random(seed);
        var aSecond = 0.4 + chance.NextDouble();
        List<RealFault> plan = [];
        for (var number = 0; number < length.TotalSeconds * aSecond; number++)
        {
            var kind = Kinds[chance.Next(Kinds.Length)];
            plan.Add(new RealFault(number, length * chance.NextDouble(), kind, chance.Next(100), Lasting(kind, chance)));
        }

        return [.. plan.OrderBy(fault => fault.At)];
    }

    /// <summary>A chance of its own for somebody in a seed's world.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="who">Differs for each.</param>
    public static Random ChanceOf(int seed, int who) => new(unchecked((seed * 486_187_739) ^ (who * 16_777_619)));

    private static TimeSpan Lasting(RealFaultKind kind, Random chance) => kind switch
    {
        RealFaultKind.Cut or RealFaultKind.DatabaseKill or RealFaultKind.DatabaseStop => TimeSpan.Zero,
        RealFaultKind.Kill => TimeSpan.FromMilliseconds(chance.Next(2_000)),
        RealFaultKind.Mute => TimeSpan.FromMilliseconds(chance.Next(500, 15_000)),
        RealFaultKind.Freeze => TimeSpan.FromMilliseconds(chance.Next(200, 12_000)),
        _ => TimeSpan.FromMilliseconds(chance.Next(500, 8_000)),
    };
}
