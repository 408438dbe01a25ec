using System.CommandLine;
using MoMo.Client.Wire;

namespace MoMo.Cli.Verbs;

/// <summary>What may be said of a destination, to create or to change it. What is not said stays.</summary>
internal sealed class DestinationOptions
{
    private const string Everything = "all";

    private readonly Option<string?> settings = Given.Text("--settings", "Settings of the kind (email, file): a JSON object, or @FILE.", "JSON");
    private readonly Option<string?> credentials = Given.Text(
        "--credentials", "Its secrets (SFTP): a JSON object, or better @FILE, which other users of this machine can't see. Needed again when the server changes.", "JSON");
    private readonly Option<string?> order = Given.Text(
        "--order", "What a delivery that does not arrive holds back: reference, account or none.", "ORDER");
    private readonly Option<int?> concurrency = new("--max-concurrency")
    {
        Description = "Attempts in flight at most, 1 to 64; 0: as the hub has it.", HelpName = "COUNT",
    };
    private readonly Option<double?> rate = new("--rate") { Description = "Attempts each second at most, 0.1 to 10000; 0: no limit.", HelpName = "COUNT" };
    private readonly Option<IReadOnlyList<int>?> waits = WaitsText.Option(
        "--retry-waits", $"Waits between attempts, 1 to 20, such as 5s,5m,30m,2h; or {WaitsText.Standard}: ten attempts in 75 hours.");
    private readonly Option<bool?> breaker = Given.YesNo("--breaker", "sending is suspended while most attempts fail.");
    private readonly Option<bool?> paused = Given.YesNo("--paused", "keeps what is due and sends nothing.");
    private readonly Option<string?> events = Given.Text("--events", "Types of events it is told of, such as payment.accepted,adapter.state; or all.", "LIST");
    private readonly Option<string?> currencies = Given.Text("--currencies", "Currencies it is told of, such as KES,UGX; or all.", "LIST");
    private readonly Option<string?> psps = Given.Text("--psps", "PSPs it is told of, such as mpesa,bank; or all.", "LIST");

    public Symbol[] All => [settings, credentials, order, waits, concurrency, rate, breaker, paused, events, currencies, psps];

    public DestinationSpec Apply(Call call, DestinationSpec spec) => spec with
    {
        Settings = JsonText.Read("--settings", call.Value(settings)) ?? spec.Settings,
        Credentials = JsonText.Read("--credentials", call.Value(credentials)) ?? spec.Credentials,
        Order = call.Value(order) ?? spec.Order,
        RetryWaits = call.Value(waits) is { } given ? given.Count == 0 ? null : given : spec.RetryWaits,
        MaxConcurrency = call.Value(concurrency) is { } count ? count == 0 ? null : count : spec.MaxConcurrency,
        RatePerSecond = call.Value(rate) is { } limit ? limit == 0 ? null : limit : spec.RatePerSecond,
        Breaker = call.Value(breaker) ?? spec.Breaker,
        Paused = call.Value(paused) ?? spec.Paused,
        Events = Words(call.Value(events), spec.Events),
        Currencies = Words(call.Value(currencies), spec.Currencies),
        Psps = Words(call.Value(psps), spec.Psps),
    };

    private static IReadOnlyList<string>? Words(string? text, IReadOnlyList<string>? otherwise) => text switch
    {
        null => otherwise,
        Everything => null,
        _ => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
    };
}
