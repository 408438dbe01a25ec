namespace MoMo.Cli.Simulation;

/// <summary>A PSP that a hub can ask how a payment stands, because its callbacks only ring.</summary>
internal interface IAskedFamily
{
    /// <summary>Settings of an adapter that asks at this address, as JSON.</summary>
    string AskingSettings(string url);

    /// <summary>Credentials that the adapter needs to ask with, beside what callbacks are signed with.</summary>
    IReadOnlyList<string> AskingCredentials { get; }

    /// <summary>What a payment is asked for by.</summary>
    string AskedBy(SimulatedPayment payment);

    /// <summary>Answers a question as the PSP does, or gives a token.</summary>
    /// <param name="request">What was asked.</param>
    /// <param name="shared">The adapter's credentials by name, which are demanded.</param>
    /// <param name="find">The payment of this name; null when there is none.</param>
    StatusReply Answer(StatusRequest request, IReadOnlyDictionary<string, string> shared, Func<string, KnownPayment?> find);
}
