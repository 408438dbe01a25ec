using System.CommandLine;
using System.Text.Json;
using MoMo.Client.Wire;

namespace MoMo.Cli.Verbs;

/// <summary>Configures adapters.</summary>
internal static class AdaptersVerb
{
    public static Command Create(Shell shell)
    {
        var listing = new Listing<AdapterView>(
            MoMoJson.Default.AdapterView,
            new("id", adapter => adapter.Id),
            new("name", adapter => adapter.Name),
            new("psp", adapter => adapter.Psp),
            new("format", adapter => adapter.Format),
            new("mode", adapter => adapter.Mode),
            new("channel", adapter => adapter.Channel?.Kind),
            new("state", adapter => adapter.State),
            new("seen_at", adapter => Show.Time(adapter.SeenAt)),
            new("archived", adapter => Show.Mark(adapter.Archived)));
        var name = Given.Text("--name", "Its name; the id by default.", "NAME");
        var psp = Given.Needed("--psp", "The PSP it connects to.", "ID");
        var format = Given.Text(
            "--format", "json (default), a file's: json-list, mpesa-pull, camt.052, camt.053, camt.054, mt940, mt942, ofx, csv, xml; or a PSP's: mpesa-c2b, paystack…", "FORMAT");
        var settings = Given.Text("--settings", "Settings of the format: a JSON object, or @FILE.", "JSON");
        var mode = Given.Text("--mode", "live (default) or test: test money reaches test accounts only. Can't be changed.", "MODE");
        var credentials = Given.Text("--credentials", "What it shares with its PSP: @FILE with a JSON object. Never shown again; needed again when status_url or token_url leads to another server.", "@FILE");
        var overlap = new Option<int?>("--credential-overlap")
        {
            Description = "Seconds that replaced credentials stay valid beside the new ones: 0 to 2592000; 86400 (a day) by default.", HelpName = "N",
        };
        var rules = Given.Text("--rules", "Routing rules in order: a JSON array, or @FILE.", "JSON");
        var archived = Given.YesNo("--archived", "takes nothing, keeps its history.");
        var noun = new Noun<AdapterView>(shell, "adapters", "adapter", MoMoJson.Default.AdapterView, listing)
        {
            All = (call, pageSize, cancellation) => call.Hub.Adapters.ListAsync(pageSize, cancellation),
            One = (call, id, cancellation) => call.Hub.Adapters.GetAsync(id, cancellation),
            Delete = (call, id, seen, cancellation) => call.Hub.Adapters.DeleteAsync(id, seen.Version, cancellation),
        };

        return new Verb(
            "adapters",
            "Configure adapters: connections to PSPs.",
            "adapters add bank --psp bank --format camt.053",
            "adapters add c2b --psp mpesa --format mpesa-c2b",
            "adapters add cards --psp paystack --format paystack --credentials @paystack.json",
            "adapters state bank down --detail 'maintenance until 18:00'",
            "adapters ask mtn 9a0c1a4e-2f2b-4c0e-8d5d-4f3f0a6a9c11")
        {
            noun.List(),
            noun.ShowOne(),
            noun.Add(
                "bank --psp bank --format camt.053",
                async (call, id, cancellation) => Kept(call, await call.Hub.Adapters.CreateAsync(
                    new AdapterSpec
                    {
                        Id = id,
                        Name = call.Value(name) ?? id,
                        Psp = call.Value(psp)!,
                        Mode = call.Value(mode),
                        Format = call.Value(format) ?? "json",
                        Credentials = CredentialsFile.Read(call.Value(credentials)),
                        Settings = JsonText.Read("--settings", call.Value(settings)),
                        Rules = Rules(call.Value(rules)),
                    },
                    cancellation)),
                psp, name, mode, format, settings, credentials, rules),
            noun.Set(
                "bank --settings @columns.json",
                (call, id, seen, cancellation) => call.Hub.Adapters.SetAsync(
                    id,
                    new AdapterSpec
                    {
                        Name = call.Value(name) ?? seen.Name,
                        Psp = seen.Psp,
                        Format = call.Value(format) ?? seen.Format,
                        Credentials = CredentialsFile.Read(call.Value(credentials)),
                        CredentialOverlapSeconds = call.Value(overlap),
                        Settings = JsonText.Read("--settings", call.Value(settings)) ?? seen.Settings,
                        Rules = Rules(call.Value(rules)) ?? seen.Rules,
                        Archived = call.Value(archived) ?? seen.Archived,
                    },
                    seen.Version,
                    cancellation),
                name, format, settings, credentials, overlap, rules, archived),
            noun.Remove(),
            State(shell),
            ChannelVerbs.Create(shell),
            QuestionVerbs.Ask(shell),
            QuestionVerbs.Create(shell),
            States(shell),
        };
    }

    private static AdapterView Kept(Call call, AdapterView view)
    {
        if (view.CallbackPath is not null) call.Remark("Keep the callback path now: it is secret, and never shown again.");
        return view;
    }

    private static Verb State(Shell shell)
    {
        var id = Given.Argument("ID", "Its id.");
        var state = Given.Argument("STATE", "up, down or degraded.");
        var detail = Given.Text("--detail", "Why.", "TEXT");
        var lease = new Option<int?>("--lease")
        {
            Description = "Seconds until it counts as down unless heard of; 60 by default.", HelpName = "N",
        };
        return new Verb("state", "Report an adapter up, down or degraded.", "adapters state bank up --lease 3600") { id, state, detail, lease }.Runs(
            shell,
            async (call, cancellation) =>
            {
                var report = new AdapterReport { State = call.Value(state), Detail = call.Value(detail), LeaseSeconds = call.Value(lease) };
                var adapter = await call.Hub.Adapters.SetStateAsync(call.Value(id), report, cancellation);
                return Card.Write(call, adapter, MoMoJson.Default.AdapterView);
            });
    }

    private static Verb States(Shell shell)
    {
        var id = Given.Argument("ID", "Its id.");
        var listing = new Listing<AdapterStateView>(
            MoMoJson.Default.AdapterStateView,
            new("at", change => Show.Time(change.At)),
            new("state", change => change.State),
            new("previous", change => change.Previous),
            new("detail", change => change.Detail));
        return new Verb("states", "List the changes of an adapter's state, newest first.", "adapters states bank") { id, listing.Limit }.Runs(
            shell,
            (call, cancellation) => listing.ShowAsync(
                call, pageSize => call.Hub.Adapters.ListStatesAsync(call.Value(id), pageSize, cancellation), cancellation));
    }

    private static List<JsonElement>? Rules(string? text)
    {
        if (JsonText.Read("--rules", text) is not { } rules) return null;
        return rules.ValueKind is JsonValueKind.Array
            ? [.. rules.EnumerateArray()]
            : throw new Complaint(
                "--rules is not a JSON array", "Give [] for no rules, or look at adapters show ID --json.", ExitCode.Misused);
    }
}
