namespace MoMo.Bench;

/// <summary>How much is measured, and for how long.</summary>
internal sealed record Scale
{
    /// <summary>For figures that are quoted.</summary>
    public static readonly Scale Full = new();

    /// <summary>For proving that everything works. Its figures mean nothing.</summary>
    public static readonly Scale Quick = new()
    {
        LegSeconds = 1, WarmUpSeconds = 1, Accounts = 100, InFlight = 256, BulkRows = 4_000, ImportRows = 4_000, FileMegabytes = 2, FilledRows = 20_000,
        DeliveryRows = 2_000, BacklogRows = 20_000, IsolationRows = 1_000, IdleAccounts = 1_000, IsQuick = true,
    };

    /// <summary>How often each side is measured, one after the other.</summary>
    public int Rounds { get; init; } = 3;

    /// <summary>How long each side is measured in a round, where time is the measure.</summary>
    public int LegSeconds { get; init; } = 10;

    /// <summary>
    /// How long what is measured is kept busy before it is measured. Its code is compiled while it runs: for half a minute on two cores, and a sixth of
    /// the processor.
    /// </summary>
    public int WarmUpSeconds { get; init; } = 30;

    /// <summary>Accounts that payments are spread over.</summary>
    public int Accounts { get; init; } = 1_000;

    /// <summary>Payments in flight in the engine benchmark.</summary>
    public int InFlight { get; init; } = 4_096;

    /// <summary>Lines of a bulk stream.</summary>
    public int BulkRows { get; init; } = 200_000;

    /// <summary>Lines of an imported file.</summary>
    public int ImportRows { get; init; } = 1_000_000;

    /// <summary>Megabytes of each statement file in the formats benchmark.</summary>
    public int FileMegabytes { get; init; } = 100;

    /// <summary>Payments of the filled database; a multiple of <see cref="Accounts"/>.</summary>
    public int FilledRows { get; init; } = 10_000_000;

    /// <summary>Payments that are delivered in a round; a multiple of <see cref="Accounts"/>.</summary>
    public int DeliveryRows { get; init; } = 100_000;

    /// <summary>Deliveries that are due at once; a multiple of <see cref="Accounts"/>.</summary>
    public int BacklogRows { get; init; } = 1_000_000;

    /// <summary>Accounts of a hub that has nothing to do.</summary>
    public int IdleAccounts { get; init; } = 100_000;

    /// <summary>Deliveries to fifty accounts, one of them dead and one slow; a multiple of fifty.</summary>
    public int IsolationRows { get; init; } = 50_000;

    /// <summary>The figures mean nothing.</summary>
    public bool IsQuick { get; init; }

    public TimeSpan Leg => TimeSpan.FromSeconds(LegSeconds);

    public TimeSpan WarmUp => TimeSpan.FromSeconds(WarmUpSeconds);
}
