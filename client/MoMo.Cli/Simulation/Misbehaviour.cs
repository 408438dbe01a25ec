namespace MoMo.Cli.Simulation;

/// <summary>How often, in percent of all payments, a simulated PSP does what real ones do now and then.</summary>
internal sealed record Misbehaviour
{
    public int Late { get; init; }

    public int Twice { get; init; }

    public int Changed { get; init; }

    public int Lost { get; init; }

    public int WrongSignature { get; init; }

    /// <summary>Neighbours change places.</summary>
    public bool Shuffled { get; init; }
}
