namespace MoMo.Cli.Simulation;

/// <summary>What ways of sending are called, and what a hub owes to each.</summary>
internal static class SendKinds
{
    /// <summary>The answer to a payment whose callback is lost, and that the hub was told to ask about.</summary>
    public const string Announced = "asks for it";

    /// <summary>In a summary.</summary>
    public static string Word(this SendKind kind) => kind switch
    {
        SendKind.Asked => "asked before",
        SendKind.Plain => "plain",
        SendKind.Late => "late",
        SendKind.Twice => "twice",
        SendKind.Changed => "changed",
        SendKind.WrongSignature => "wrong signature",
        _ => "lost",
    };

    /// <summary>What the hub should answer and do, for people.</summary>
    /// <param name="kind">How it was sent.</param>
    /// <param name="family">Who sent it.</param>
    /// <param name="isAsked">The hub asks the PSP for what callbacks only ring about.</param>
    public static string Expectation(this SendKind kind, PspFamily family, bool isAsked) => kind switch
    {
        SendKind.Asked => "may be paid",
        SendKind.Plain when isAsked => "rings, the hub asks",
        SendKind.Late when isAsked => "rings, the hub asks until it is paid",
        SendKind.Twice when isAsked => "rings, counts once",
        SendKind.Changed when isAsked => "rings, what the PSP answers counts",
        SendKind.Lost when isAsked => "found by asking",
        SendKind.Plain or SendKind.Late => family.Pays ? "taken" : "taken, as news to ask about",
        SendKind.Twice => family.TellsRepeats ? "taken before, counts once" : "taken, counts once",
        SendKind.Changed => family.TellsDifferences ? "differs, the first stays" : "taken, the first stays",
        SendKind.WrongSignature => "not admitted, no money of it",
        _ => "nothing was sent",
    };

    /// <summary>Whether the hub answered as it should. What an earlier run of the same seed sent is no news to it.</summary>
    public static bool Allows(this SendKind kind, PspFamily family, bool isAsked, string answer) => kind switch
    {
        SendKind.Asked => answer == "taken",
        SendKind.Lost when isAsked => answer == Announced,
        SendKind.Plain or SendKind.Late => answer == "taken" || (family.TellsRepeats && answer == "taken before"),
        SendKind.Twice => answer == (family.TellsRepeats ? "taken before" : "taken"),
        SendKind.Changed => answer == (family.TellsDifferences ? "differs" : "taken"),
        SendKind.WrongSignature => answer == "not admitted",
        _ => answer.Length == 0,
    };
}
