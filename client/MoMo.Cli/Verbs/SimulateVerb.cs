using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using MoMo.Cli.Simulation;
using MoMo.Client;
using MoMo.Client.Wire;

namespace MoMo.Cli.Verbs;

/// <summary>Plays a PSP for whoever integrates one.</summary>
internal static class SimulateVerb
{
    private const int CountMax = 100_000;
    private const int RateMax = 1_000;

    public static Verb Create(Shell shell)
    {
        var family = Given.Argument("FAMILY", $"{string.Join(", ", PspFamily.All.Select(one => one.Name))}.");
        family.AcceptOnlyFromAmong([.. PspFamily.All.Select(one => one.Name)]);
        var account = Given.Needed("--account", "Whose payments they are.", "ID");
        var reference = new Option<string[]>("--reference") { Description = "A customer of the account; may be given several times.", HelpName = "ID" };
        var adapter = Given.Text("--adapter", "The adapter to use, made when it is not there; sim-FAMILY by default.", "ID");
        var callback = Given.Text("--callback", "Its secret path, as the hub showed it. Without it the adapter is given a new one.", "PATH");
        var credentials = Given.Text(
            "--credentials", "What it shares with the PSP, to sign with: @FILE, as for adapters add. Without it, and without --callback, it is given a new one.", "@FILE");
        var rate = Number("--rate", $"Payments in a second, from 1 to {RateMax}; 5 by default.", 5, RateMax);
        var count = Number("--count", $"Payments in all, from 1 to {CountMax}; 100 by default.", 100, CountMax);
        var seed = new Option<int?>("--seed") { Description = "Repeats the payments and the misbehaviour of an earlier run.", HelpName = "N" };
        var (late, twice, changed, lost, wrong) = (
            Percent("--late", "arrive up to 20 payments later"), Percent("--twice", "are sent twice"),
            Percent("--changed", "are sent again with another amount"), Percent("--lost", "are never sent"),
            Percent("--wrong-signature", "are preceded by a forgery: another payment with a wrong signature, or to a guessed path when the PSP signs nothing"));
        var shuffled = new Option<bool>("--shuffled") { Description = "Neighbours change places." };
        var validate = new Option<bool>("--validate") { Description = "Ask the hub before each payment whether it may be made: mpesa, selcom." };
        var status = new Option<bool>("--status")
        {
            Description = "Serve the PSP's status API on this machine: callbacks only ring, the hub asks, and what is lost is asked for. mtn, pesapal, flutterwave-v3, selcom-checkout.",
        };
        var port = Number("--status-port", "With --status: its port on 127.0.0.1; a free one by default.", 0, 65_535);
        return new Verb(
            "simulate",
            "Play a PSP: send payments to the hub at a rate, signed as that PSP signs, and misbehave as told. Says what was sent, what should come of it, "
            + "what the hub answered, and in the end what the hub has. Airtel, Orange, Pesapal and Selcom's checkout only tell that there is something to ask "
            + "for: that is noted and is no payment, unless the hub can ask: with --status the PSP's status API is served on this machine as well, and the whole "
            + "loop runs: the callback rings, the hub asks (with a token or signature, as the PSP demands), the answer is the payment. What comes --late is "
            + "pending when it is asked about first, what is --lost is announced to the hub as `adapters ask` does, and of a --changed callback the status counts. The hub "
            + "must be allowed to call this machine, as it is with `up --demo`. Exit code 3 when anything was not as it should be. For hubs that are being tried "
            + "out: the payments are real to the hub.",
            "psp simulate mpesa --account acme --rate 5",
            "psp simulate mpesa --account acme --reference 4711 --validate",
            "psp simulate mpesa-stk --account acme --lost 5% --twice 5%",
            "psp simulate mtn --account acme --status --late 10% --lost 10% --changed 10%",
            "psp simulate wave --account acme --twice 10% --wrong-signature 10% --shuffled",
            "psp simulate paystack --account acme --adapter cards --callback /v1/callbacks/cards/SECRET --credentials @paystack.json",
            "psp simulate json --account acme --reference 4711 --count 1000 --rate 100 --late 10% --twice 5% --changed 1% --lost 2% --shuffled --wrong-signature 1%")
        {
            family, account, reference, adapter, callback, credentials, rate, count, seed, late, twice, changed, lost, wrong, shuffled,
            validate, status, port,
        }.Runs(shell, async (call, cancellation) =>
        {
            var chosen = PspFamily.All.Single(one => one.Name == call.Value(family));
            var isAsked = call.Value(status);
            var id = call.Value(adapter) ?? SimulatedAdapter.IdOf(chosen, isAsked);
            CheckUse(call, chosen, isAsked, call.Value(validate), call.Value(callback) is not null);
            RefuseUnused(chosen, isAsked, call.Has(port), call.Has(callback), call.Has(credentials));
            var shared = Shared(chosen, isAsked, CredentialsFile.Read(call.Value(credentials)), isNeeded: call.Value(callback) is not null);
            using var api = isAsked ? StatusServer.Start((IAskedFamily)chosen, shared, call.Value(port)) : null;
            var asking = api is null ? null : ((IAskedFamily)chosen).AskingSettings(api.Url);
            var hub = call.Hub;
            var view = call.Value(callback) is { } path
                ? (await hub.Adapters.GetAsync(id, cancellation)) with { CallbackPath = path }
                : await SimulatedAdapter.PrepareAsync(hub, chosen, id, new AdapterTerms(shared, asking, chosen.Rules(call.Value(account)!)), cancellation);
            var used = call.Value(seed) ?? Random.Shared.Next();
            var plan = SimulationPlan.Make(
                used, call.Value(count), call.Value(rate), call.Value(account)!, call.Value(reference) ?? [], chosen.Currency,
                new Misbehaviour
                {
                    Late = call.Value(late), Twice = call.Value(twice), Changed = call.Value(changed), Lost = call.Value(lost),
                    WrongSignature = call.Value(wrong), Shuffled = call.Value(shuffled),
                });
            api?.Knows(plan);
            call.Remark($"Adapter {id}, seed {used}.");
            if (asking is not null) call.Remark($"The PSP's status API is at {api!.Url}: {asking}");
            using var http = call.OpenHttp();
            var began = TimeProvider.System.GetUtcNow();
            var psp = new SimulatedPsp(chosen, view, shared.GetValueOrDefault(chosen.Credential ?? "", ""), http, call.Key, TimeProvider.System)
            {
                Validates = call.Value(validate),
                Announce = chosen is IAskedFamily asked && isAsked
                    ? (payment, ending) => hub.StatusQuestions.AskAsync(id, new StatusQuestionSpec { Reference = asked.AskedBy(payment) }, ending) : null,
            };
            await psp.RunAsync(plan, (send, answered, answer) => Tell(call, chosen, isAsked, send, answered, answer), cancellation);
            if (!call.Json) Summarise(call, chosen, isAsked, psp);
            var made = plan.Where(one => !psp.Refused.Contains(one.Payment.PspReference)).ToList();
            var finding = await CheckAsync(call, new SimulationCheck(call.Hub, chosen, view, isAsked, TimeProvider.System), isAsked, made, began, cancellation);
            if (api is { Asked: 0 })
                call.Remark(
                    "The hub asked nothing. It must be allowed to call this machine: MoMo__Webhooks__AllowedNetworks__0=127.0.0.0/8 and "
                    + $"MoMo__Webhooks__RequireHttps=false, or up --demo. Why it did not: momo adapters questions list {id}");
            return psp.AsExpected && (finding is null || finding.AllWell) ? ExitCode.Done : ExitCode.Partly;
        });
    }

    private static void CheckUse(Call call, PspFamily family, bool isAsked, bool validates, bool hasPath)
    {
        if (validates && !family.Asks)
            throw new Complaint(
                $"{family.Name} does not ask whether a payment may be made",
                $"--validate is for {string.Join(", ", PspFamily.All.Where(one => one.Asks).Select(one => one.Name))}.", ExitCode.Misused);
        if (family.Calls && !hasPath && !call.IsLoopback)
            throw new Complaint("a hub elsewhere gives no secret path to a simulation", "Give --adapter and --callback of an adapter made for it.", ExitCode.Misused);
        if (!isAsked) return;
        if (family is not IAskedFamily)
            throw new Complaint(
                $"{family.Name} is not asked how a payment stands",
                $"--status is for {string.Join(", ", PspFamily.All.Where(one => one is IAskedFamily).Select(one => one.Name))}.", ExitCode.Misused);
        if (!call.IsLoopback) throw new Complaint("a hub elsewhere can't ask this machine", "Run the simulation beside the hub.", ExitCode.Misused);
    }

    /// <summary>Refuses what would change nothing: whoever gives it means something by it.</summary>
    private static void RefuseUnused(PspFamily family, bool isAsked, bool hasPort, bool hasPath, bool hasCredentials)
    {
        if (hasPort && !isAsked)
            throw new Complaint("--status-port is the port of a status API, and none is served", "Give --status, too, or leave --status-port out.", ExitCode.Misused);
        if (hasPath && !family.Calls)
            throw new Complaint($"{family.Name} is not called at a secret path", "Leave --callback out.", ExitCode.Misused);
        if (hasCredentials && Names(family, isAsked).Length == 0)
            throw new Complaint(
                $"{family.Name} signs nothing",
                family is IAskedFamily ? "It is asked with credentials: give --status, too, or leave --credentials out." : "Leave --credentials out.", ExitCode.Misused);
    }

    /// <summary>The credentials that a run uses.</summary>
    private static string[] Names(PspFamily family, bool isAsked) =>
        [.. family.Credential is { } own ? [own] : Array.Empty<string>(), .. isAsked ? ((IAskedFamily)family).AskingCredentials : []];

    /// <summary>What the PSP and the adapter share: given, or made up for an adapter that the simulation makes.</summary>
    private static Dictionary<string, string> Shared(PspFamily family, bool isAsked, IReadOnlyDictionary<string, string?>? given, bool isNeeded)
    {
        Dictionary<string, string> shared = [];
        foreach (var name in Names(family, isAsked))
        {
            shared[name] = given?.GetValueOrDefault(name) is { Length: > 0 } value ? value
                : given is null && !isNeeded ? Signing.NewSecret()
                : throw new Complaint(
                    $"{family.Name} {(name == family.Credential ? "signs" : "is asked")} with {name}, which was not given",
                    $"Write {{\"{name}\":\"…\"}} to a file and give --credentials @FILE.", ExitCode.Misused);
        }

        return shared;
    }

    private static void Tell(Call call, PspFamily family, bool isAsked, SimulatedSend send, int status, string answer)
    {
        if (!call.Json) return;
        call.Terminal.Out.WriteLine(JsonSerializer.Serialize(new Dictionary<string, object?>
        {
            ["number"] = send.Payment.Number,
            ["psp_reference"] = send.Payment.PspReference,
            ["amount"] = send.Payment.Amount,
            ["currency"] = send.Payment.Currency,
            ["sent"] = send.Kind.Word(),
            ["expected"] = send.Kind.Expectation(family, isAsked),
            ["status"] = status,
            ["answer"] = answer,
        }));
    }

    private static void Summarise(Call call, PspFamily family, bool isAsked, SimulatedPsp psp) => Table.Write<KeyValuePair<(SendKind Kind, string Answer), int>>(
        call.Terminal,
        [
            new("sent", row => row.Key.Kind.Word()), new("expected", row => row.Key.Kind.Expectation(family, isAsked)), new("the hub said", row => row.Key.Answer),
            new("messages", row => Show.Count(row.Value), Right: true),
            new("", row => row.Key.Kind.Allows(family, isAsked, row.Key.Answer) ? null : "NOT AS EXPECTED"),
        ],
        psp.Answers);

    private static async Task<SimulationFinding?> CheckAsync(
        Call call, SimulationCheck check, bool waits, IReadOnlyList<SimulatedSend> plan, DateTimeOffset began, CancellationToken cancellation)
    {
        try
        {
            var found = waits ? await check.WaitAsync(plan, began, cancellation) : await check.RunAsync(plan, began, cancellation);
            call.Terminal.Out.WriteLine(call.Json
                ? JsonSerializer.Serialize(new Dictionary<string, object>
                {
                    ["summary"] = new Dictionary<string, int>
                    {
                        ["expected"] = found.Expected, ["there"] = found.There, ["missing"] = found.Missing, ["differ"] = found.Differ, ["forged"] = found.Forged,
                    },
                })
                : $"Of {found.Expected} payments told, the hub has {found.There} as first sent, {found.Differ} otherwise, {found.Missing} not at all; "
                + $"and {found.Forged} forgeries.");
            return found;
        }
        catch (Exception e) when (e is MoMoException or HttpRequestException)
        {
            call.Remark($"What the hub has could not be checked: {e.Message}");
            return null;
        }
    }

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
