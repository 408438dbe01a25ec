using System.CommandLine;
using MoMo.Client.Wire;

namespace MoMo.Cli.Verbs;

/// <summary>Configures accounts.</summary>
internal static class AccountsVerb
{
    public static Command Create(Shell shell)
    {
        var listing = new Listing<AccountView>(
            MoMoJson.Default.AccountView,
            new("id", account => account.Id),
            new("name", account => account.Name),
            new("payments", account => Show.Count(account.Sequence), Right: true),
            new("mode", account => account.Mode),
            new("lookup_url", account => account.LookupUrl),
            new("archived", account => Show.Mark(account.Archived)));
        var name = Given.Text("--name", "Its name; the id by default.", "NAME");
        var lookup = Given.Text("--lookup-url", "Asked whether a reference is this account's; '' for none.", "URL");
        var mode = Given.Text("--mode", "live (default) or test: a test account gets test money only. Can't be changed.", "MODE");
        var archived = Given.YesNo("--archived", "gets nothing new, keeps its history.");
        var noun = new Noun<AccountView>(shell, "accounts", "account", MoMoJson.Default.AccountView, listing)
        {
            All = (call, pageSize, cancellation) => call.Hub.Accounts.ListAsync(pageSize, cancellation),
            One = (call, id, cancellation) => call.Hub.Accounts.GetAsync(id, cancellation),
            Delete = (call, id, seen, cancellation) => call.Hub.Accounts.DeleteAsync(id, seen.Version, cancellation),
        };

        return new Verb("accounts", "Configure accounts: whose payments are for.", "accounts add acme --name 'Acme Solar'", "accounts list")
        {
            noun.List(),
            noun.ShowOne(),
            noun.Add(
                "acme --name 'Acme Solar'",
                (call, id, cancellation) => call.Hub.Accounts.CreateAsync(
                    new AccountSpec { Id = id, Name = call.Value(name) ?? id, LookupUrl = OrNone(call.Value(lookup)), Mode = call.Value(mode) },
                    cancellation),
                name, lookup, mode),
            noun.Set(
                "acme --lookup-url https://acme.example/momo/lookup",
                (call, id, seen, cancellation) => call.Hub.Accounts.SetAsync(
                    id,
                    new AccountSpec
                    {
                        Name = call.Value(name) ?? seen.Name,
                        LookupUrl = OrNone(call.Value(lookup) ?? seen.LookupUrl),
                        Archived = call.Value(archived) ?? seen.Archived,
                    },
                    seen.Version,
                    cancellation),
                name, lookup, archived),
            noun.Remove(),
        };
    }

    private static string? OrNone(string? text) => text is "" ? null : text;
}
