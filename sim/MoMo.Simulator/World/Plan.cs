namespace MoMo.Simulator.World;

/// <summary>What will happen in a run, made from its seed.</summary>
internal static class Plan
{
    /// <summary>Steps of a run unless told otherwise.</summary>
    public const int StepsDefault = 150;

    private static readonly StepKind[] Troubles =
    [
        StepKind.Kill, StepKind.Kill, StepKind.Stop, StepKind.Pause, StepKind.Pause, StepKind.Jump, StepKind.Cut, StepKind.Cut, StepKind.Down, StepKind.Slow,
        StepKind.Conflict, StepKind.Server, StepKind.Server, StepKind.Server, StepKind.Lookup, StepKind.Assign, StepKind.Assign, StepKind.Retry,
        StepKind.Silence, StepKind.Rotate, StepKind.Archive, StepKind.Burst,
    ];

    /// <summary>The steps of a seed, in order of time.</summary>
    public static IReadOnlyList<Step> Make(int seed, int steps)
    {
        var chance = new Random(seed);
        // From a hectic minute to a slow hour; some runs are calm, so that what only shows in calm is seen as well.
        var length = TimeSpan.FromSeconds(Math.Exp(Math.Log(60) + (chance.NextDouble() * Math.Log(60))));
        var troublePercent = chance.Next(4) * 15;
        List<Step> plan = [];
        for (var number = 0; number < steps; number++)
        {
            var kind = chance.Next(100) < troublePercent ? Troubles[chance.Next(Troubles.Length)] : StepKind.Pay;
            plan.Add(new Step(number, length * chance.NextDouble(), kind, chance.Next(100), Lasting(kind, chance)));
        }

        AddFiles(plan, new Random(unchecked(seed * 31) ^ 0x0F11E5), length, steps);
        AddReplays(plan, new Random(unchecked(seed * 37) ^ 0x5E9D), length, steps);
        AddUnlinkings(plan, new Random(unchecked(seed * 41) ^ 0x0B5), length, steps);
        return [.. plan.OrderBy(step => step.At)];
    }

    /// <summary>Operators who send many deliveries again, some of them twice in short order. Short plans have none.</summary>
    private static void AddReplays(List<Step> plan, Random chance, TimeSpan length, int steps)
    {
        var number = 10 * steps; // behind those of files
        for (var replays = steps / 50 * chance.Next(3) / 2; replays > 0; replays--)
            plan.Add(new Step(number++, length * (0.2 + (0.9 * chance.NextDouble())), StepKind.Replay, chance.Next(100), length * chance.NextDouble()));
    }

    /// <summary>Payments that an operator takes from their accounts. Short plans have none.</summary>
    private static void AddUnlinkings(List<Step> plan, Random chance, TimeSpan length, int steps)
    {
        var number = 20 * steps; // behind those of replays
        for (var unlinkings = steps / 50 * chance.Next(3); unlinkings > 0; unlinkings--)
            plan.Add(new Step(number++, length * chance.NextDouble(), StepKind.Unlink, chance.Next(100), TimeSpan.Zero));
    }

    /// <summary>A file or more, what befalls who reads them meanwhile, and files that come back. Short plans, made to look at something else, have none.</summary>
    private static void AddFiles(List<Step> plan, Random chance, TimeSpan length, int steps)
    {
        var number = steps;
        for (var files = steps / 50 * chance.Next(3); files > 0; files--)
        {
            var (at, whom, reads) = (length * chance.NextDouble(), chance.Next(100), TimeSpan.FromSeconds(chance.Next(60)));
            plan.Add(new Step(number++, at, StepKind.File, whom, reads));
            // In the middle of it, or when it is done.
            if (chance.Next(2) == 0) plan.Add(new Step(number++, at + (reads * chance.NextDouble()), StepKind.Stall, whom, Lasting(StepKind.Stall, chance)));
            if (chance.Next(3) == 0) plan.Add(new Step(number++, at + (reads * chance.NextDouble()), StepKind.Crash, whom, Lasting(StepKind.Crash, chance)));
            for (var again = chance.Next(3); again > 0; again--)
                plan.Add(new Step(number++, at + (length * chance.NextDouble()), StepKind.Again, chance.Next(100), TimeSpan.FromSeconds(chance.Next(60))));
        }
    }

    /// <summary>The chance of one step of a seed.</summary>
    public static Random ChanceOf(int seed, int number) => new(unchecked((seed * 486_187_739) ^ (number * 16_777_619)));

    private static TimeSpan Lasting(StepKind kind, Random chance) => kind switch
    {
        StepKind.Pay => TimeSpan.FromSeconds(chance.Next(120)),
        StepKind.Kill or StepKind.Stop or StepKind.Down => TimeSpan.FromMilliseconds(chance.Next(100, 20_000)),
        StepKind.Pause => TimeSpan.FromMilliseconds(chance.Next(100, 90_000)),
        StepKind.Stall => TimeSpan.FromSeconds(Math.Exp(chance.NextDouble() * Math.Log(3_600))),
        StepKind.Crash => TimeSpan.FromMilliseconds(chance.Next(1, 30_000)),
        StepKind.Jump => TimeSpan.FromSeconds(chance.Next(-120, 121)),
        StepKind.Server or StepKind.Lookup => TimeSpan.FromSeconds(Math.Exp(chance.NextDouble() * Math.Log(7_200))),
        _ => TimeSpan.FromSeconds(chance.Next(1, 60)),
    };
}
