using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using MoMo.Cli.Simulation;

namespace MoMo.Cli.Verbs;

/// <summary>Plays a PSP for whoever integrates one.</summary>
internal static class SimulateVerb
{
    private const int CountMax = 100_000;
    private const int RateMax = 1_000;

    public static Verb Create(Shell shell)
    {
        var family = Given.Argument("FAMILY", $"{string.Join(" or ", PspFamily.All.Select(one => one.Name))}.");
        family.AcceptOnlyFromAmong([.. PspFamily.All.Select(one => one.Name)]);
        var account = Given.Needed("--account", "Whose payments they are.", "ID");
        var reference = new Option<string[]>("--reference") { Description = "A customer of the account; may be given several times.", HelpName = "ID" };
        var adapter = Given.Text("--adapter", "The adapter to use, made when it is not there; sim-FAMILY by default.", "ID");
        var callback = Given.Text("--callback", "Its secret path, as the hub showed it. Without it the adapter is given a new one.", "PATH");
        var rate = Number("--rate", $"Payments in a second, from 1 to {RateMax}; 5 by default.", 5, RateMax);
        var count = Number("--count", $"Payments in all, from 1 to {CountMax}; 100 by default.", 100, CountMax);
        var seed = new Option<int?>("--seed") { Description = "Repeats an earlier run to the letter.", HelpName = "N" };
        var (late, twice, changed, lost, wrong) = (
            Percent("--late", "arrive up to 20 payments later"), Percent("--twice", "are sent twice"),
            Percent("--changed", "are sent again with another amount"), Percent("--lost", "are never sent"),
            Percent("--wrong-signature", "are forged first"));
        var shuffled = new Option<bool>("--shuffled") { Description = "Neighbours change places." };
        return new Verb(
            "simulate",
            "Play a PSP: send payments to the hub at a rate, and misbehave as told. Says what was done and what the hub answered. "
            + "Exit code 3 when an answer was not as it should be. For hubs that are being tried out: the payments are real to the hub.",
            "psp simulate mpesa --account acme --rate 5",
            "psp simulate json --account acme --reference 4711 --count 1000 --rate 100 --late 10% --twice 5% --changed 1% --lost 2% --shuffled --wrong-signature 1%")
        {
            family, account, reference, adapter, callback, rate, count, seed, late, twice, changed, lost, wrong, shuffled,
        }.Runs(shell, async (call, cancellation) =>
        {
            var chosen = PspFamily.All.Single(one => one.Name == call.Value(family));
            var id = call.Value(adapter) ?? $"sim-{chosen.Name}";
            if (chosen.Calls && call.Value(callback) is null && !call.IsLoopback)
                throw new Complaint("a hub elsewhere gives no secret path to a simulation", "Give --adapter and --callback of an adapter made for it.", ExitCode.Misused);
            var view = call.Value(callback) is { } path
                ? (await call.Hub.Adapters.GetAsync(id, cancellation)) with { CallbackPath = path }
                : await SimulatedPsp.PrepareAsync(call.Hub, chosen, id, cancellation);
            var used = call.Value(seed) ?? Random.Shared.Next();
            var plan = SimulationPlan.Make(
                used, call.Value(count), call.Value(rate), call.Value(account)!, call.Value(reference) ?? [],
                new Misbehaviour
                {
                    Late = call.Value(late), Twice = call.Value(twice), Changed = call.Value(changed), Lost = call.Value(lost),
                    WrongSignature = call.Value(wrong), Shuffled = call.Value(shuffled),
                });
            call.Remark($"Adapter {id}, seed {used}.");
            using var http = call.OpenHttp();
            var psp = new SimulatedPsp(chosen, view, http, call.Key, TimeProvider.System);
            await psp.RunAsync(plan, (send, status, answer) => Tell(call, send, status, answer), cancellation);
            if (!call.Json) Summarise(call, psp);
            return psp.AsExpected ? ExitCode.Done : ExitCode.Partly;
        });
    }

    private static void Tell(Call call, SimulatedSend send, int status, string answer)
    {
        if (!call.Json) return;
        call.Terminal.Out.WriteLine(JsonSerializer.Serialize(new Dictionary<string, object?>
        {
            ["number"] = send.Payment.Number,
            ["psp_reference"] = send.Payment.PspReference,
            ["amount"] = send.Payment.Amount,
            ["sent"] = Word(send.Kind),
            ["status"] = status,
            ["answer"] = answer,
        }));
    }

    private static void Summarise(Call call, SimulatedPsp psp) => Table.Write<KeyValuePair<(SendKind Kind, string Answer), int>>(
        call.Terminal,
        [
            new("sent", row => Word(row.Key.Kind)), new("the hub said", row => row.Key.Answer),
            new("payments", row => Show.Count(row.Value), Right: true),
        ],
        psp.Answers);

    private static string Word(SendKind kind) => kind switch
    {
        SendKind.Plain => "plain",
        SendKind.Late => "late",
        SendKind.Twice => "twice",
        SendKind.Changed => "changed",
        SendKind.WrongSignature => "wrong signature",
        _ => "lost",
    };

    private static Option<int> Percent(string name, string what) => Number(name, $"So many percent {what}; none by default.", 0, 100, 0);

    private static Option<int> Number(string name, string description, int otherwise, int max, int min = 1) => new(name)
    {
        Description = description,
        HelpName = max == 100 ? "PERCENT" : "N",
        DefaultValueFactory = _ => otherwise,
        CustomParser = given =>
        {
            var text = given.Tokens[0].Value.TrimEnd('%');
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max) return number;
            given.AddError($"{name} takes a number from {min} to {max}.");
            return otherwise;
        },
    };
}
