using System.CommandLine;
using MoMo.Client.Wire;

namespace MoMo.Cli.Verbs;

/// <summary>Registers customers of accounts.</summary>
internal static class ReferencesVerb
{
    public static Command Create(Shell shell)
    {
        var listing = new Listing<ReferenceView>(
            MoMoJson.Default.ReferenceView,
            new("id", reference => reference.Id),
            new("account", reference => reference.AccountId),
            new("name", reference => reference.Name),
            new("archived", reference => Show.Mark(reference.Archived)));
        var account = Given.Argument("ACCOUNT", "The account's id.");
        var name = Given.Text("--name", "The customer's name.", "NAME");
        var archived = Given.YesNo("--archived", "finds nothing new, keeps its history.");
        var noun = new Noun<ReferenceView>(shell, "references", "reference", MoMoJson.Default.ReferenceView, listing)
        {
            Owner = account,
            All = (call, pageSize, cancellation) => call.Hub.References.ListAsync(call.Value(account), pageSize, cancellation),
            One = (call, id, cancellation) => call.Hub.References.GetAsync(call.Value(account), id, cancellation),
            Delete = (call, id, seen, cancellation) => call.Hub.References.DeleteAsync(call.Value(account), id, seen.Version, cancellation),
        };

        return new Verb(
            "references",
            "Register customers of accounts, as payers write them.",
            "references add acme 4711 --name 'A. Wanjiru'",
            "references list acme")
        {
            noun.List(),
            noun.ShowOne(),
            noun.Add(
                "acme 4711 --name 'A. Wanjiru'",
                (call, id, cancellation) => call.Hub.References.CreateAsync(
                    call.Value(account), new ReferenceSpec { Id = id, Name = call.Value(name) }, cancellation),
                name),
            noun.Set(
                "acme 4711 --archived true",
                (call, id, seen, cancellation) => call.Hub.References.SetAsync(
                    call.Value(account),
                    id,
                    new ReferenceSpec { Name = call.Value(name) ?? seen.Name, Archived = call.Value(archived) ?? seen.Archived },
                    seen.Version,
                    cancellation),
                name, archived),
            noun.Remove(),
        };
    }
}
