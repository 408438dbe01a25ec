namespace MoMo.Cli.Simulation;

/// <summary>How a simulated PSP sends a payment.</summary>
internal enum SendKind
{
    /// <summary>Not yet: the hub is asked whether it may be paid.</summary>
    Asked,

    /// <summary>As it should.</summary>
    Plain,

    /// <summary>Only some time afterwards.</summary>
    Late,

    /// <summary>The same once more.</summary>
    Twice,

    /// <summary>Once more, with another amount.</summary>
    Changed,

    /// <summary>By somebody who does not know the secret.</summary>
    WrongSignature,

    /// <summary>Not at all.</summary>
    Lost,
}
