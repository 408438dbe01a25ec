using MoMo.Client.Wire;

namespace MoMo.Cli.Simulation;

/// <summary>Carries a plan out against a hub, one message after another at their times, and counts what the hub said to each kind.</summary>
internal sealed class SimulatedPsp(PspFamily family, AdapterView adapter, string secret, HttpClient http, string? key, TimeProvider clock)
{
    private readonly string stranger = Signing.NewSecret();
    private readonly HashSet<string> refused = new(StringComparer.Ordinal);
    private readonly SortedDictionary<(SendKind Kind, string Answer), int> answers = [];

    /// <summary>What the hub said, by how the payment was sent.</summary>
    public IReadOnlyDictionary<(SendKind Kind, string Answer), int> Answers => answers;

    /// <summary>Asks the hub before each payment whether it may be made, where this PSP does.</summary>
    public bool Validates { get; init; }

    /// <summary>
    /// The PSP is asked by the hub, and callbacks only ring: tells the hub of a payment whose callback is lost, as who asked the PSP for the money does. Null
    /// when the hub doesn't ask.
    /// </summary>
    public Func<SimulatedPayment, CancellationToken, Task>? Announce { get; init; }

    /// <summary>Payments that were never made, because the hub said that they may not be.</summary>
    public IReadOnlySet<string> Refused => refused;

    /// <summary>Whether the hub said to each kind what it should.</summary>
    public bool AsExpected => answers.Keys.All(one => one.Kind.Allows(family, Announce is not null, one.Answer));

    /// <summary>Carries the plan out.</summary>
    /// <param name="plan">What to do, by time.</param>
    /// <param name="told">Told of each.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task RunAsync(IEnumerable<SimulatedSend> plan, Action<SimulatedSend, int, string> told, CancellationToken cancellation)
    {
        var began = clock.GetTimestamp();
        foreach (var send in plan)
        {
            var wait = send.Due - clock.GetElapsedTime(began);
            if (wait > TimeSpan.Zero) await Task.Delay(wait, clock, cancellation);
            if (Validates && send.Kind is (SendKind.Plain or SendKind.Late or SendKind.Lost))
            {
                var asked = send with { Kind = SendKind.Asked };
                if (await DoAsync(asked, told, cancellation) != "taken") refused.Add(send.Payment.PspReference);
            }

            if (!refused.Contains(send.Payment.PspReference)) await DoAsync(send, told, cancellation);
        }
    }

    private async Task<string> DoAsync(SimulatedSend send, Action<SimulatedSend, int, string> told, CancellationToken cancellation)
    {
        var (status, answer) = send.Kind == SendKind.Lost ? await LoseAsync(send.Payment, cancellation) : await SendAsync(send, cancellation);
        answers[(send.Kind, answer)] = answers.GetValueOrDefault((send.Kind, answer)) + 1;
        told(send, status, answer);
        return answer;
    }

    private async Task<(int Status, string Answer)> LoseAsync(SimulatedPayment payment, CancellationToken cancellation)
    {
        if (Announce is null) return (0, "");
        await Announce(payment, cancellation);
        return (0, SendKinds.Announced);
    }

    private async Task<(int Status, string Answer)> SendAsync(SimulatedSend send, CancellationToken cancellation)
    {
        var line = new SimulatedLine(
            adapter.Psp, adapter.CallbackPath?.Trim('/') ?? "", secret, key, Test: adapter.Mode == "test", clock.GetUtcNow(), Announce is not null);
        using var message = send.Kind == SendKind.Asked
            ? family.Ask(send.Payment, line)! : family.Tell(send.Payment, send.Kind == SendKind.WrongSignature ? Guessed(line) : line);
        try
        {
            using var response = await http.SendAsync(message, cancellation);
            var status = (int)response.StatusCode;
            return (status, family.Judge(status, await response.Content.ReadAsStringAsync(cancellation)));
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            // The summary tells how many had none, and what the hub has all the same.
            return (0, "no answer");
        }
    }

    /// <summary>What somebody makes up who is not this PSP: the signature where there is one, else the path, or the key.</summary>
    private SimulatedLine Guessed(SimulatedLine line) =>
        family.Credential is not null ? line with { Secret = stranger }
        : family.Calls ? line with { Path = $"{line.Path[..(line.Path.LastIndexOf('/') + 1)]}guessed" }
        : line with { Key = "momo_guessed" };
}
