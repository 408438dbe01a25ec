namespace MoMo.Cli.Simulation;

/// <summary>What ways of sending are called, and what a hub owes to each.</summary>
internal static class SendKinds
{
    /// <summary>In a summary.</summary>
    public static string Word(this SendKind kind) => kind switch
    {
        SendKind.Plain => "plain",
        SendKind.Late => "late",
        SendKind.Twice => "twice",
        SendKind.Changed => "changed",
        SendKind.WrongSignature => "wrong signature",
        _ => "lost",
    };

    /// <summary>What the hub should answer and do, for people.</summary>
    public static string Expectation(this SendKind kind, PspFamily family) => kind switch
    {
        SendKind.Plain or SendKind.Late => family.Pays ? "taken" : "taken, as news to ask about",
        SendKind.Twice => family.TellsRepeats ? "taken before, counts once" : "taken, counts once",
        SendKind.Changed => family.TellsDifferences ? "differs, the first stays" : "taken, the first stays",
        SendKind.WrongSignature => "not admitted, no money of it",
        _ => "nothing was sent",
    };

    /// <summary>Whether the hub answered as it should. What an earlier run of the same seed sent is no news to it.</summary>
    public static bool Allows(this SendKind kind, PspFamily family, string answer) => kind switch
    {
        SendKind.Plain or SendKind.Late => answer == "taken" || (family.TellsRepeats && answer == "taken before"),
        SendKind.Twice => answer == (family.TellsRepeats ? "taken before" : "taken"),
        SendKind.Changed => answer == (family.TellsDifferences ? "differs" : "taken"),
        SendKind.WrongSignature => answer == "not admitted",
        _ => answer.Length == 0,
    };
}
