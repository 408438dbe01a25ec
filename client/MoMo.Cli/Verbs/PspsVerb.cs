using System.CommandLine;
using MoMo.Client.Wire;

namespace MoMo.Cli.Verbs;

/// <summary>Configures PSPs.</summary>
internal static class PspsVerb
{
    public static Command Create(Shell shell)
    {
        var listing = new Listing<PspView>(
            MoMoJson.Default.PspView,
            new("id", psp => psp.Id), new("name", psp => psp.Name), new("archived", psp => Show.Mark(psp.Archived)));
        var name = Given.Text("--name", "Its name; the id by default.", "NAME");
        var archived = Given.YesNo("--archived", "brings nothing new, keeps its history.");
        var noun = new Noun<PspView>(shell, "psps", "PSP", MoMoJson.Default.PspView, listing)
        {
            All = (call, pageSize, cancellation) => call.Hub.Psps.ListAsync(pageSize, cancellation),
            One = (call, id, cancellation) => call.Hub.Psps.GetAsync(id, cancellation),
            Delete = (call, id, seen, cancellation) => call.Hub.Psps.DeleteAsync(id, seen.Version, cancellation),
        };

        return new Verb("psps", "Configure PSPs, who move the money; or play one.", "psp simulate mpesa --account acme --rate 5", "psps add mpesa --name 'M-Pesa Kenya'", "psps list")
        {
            noun.List(),
            noun.ShowOne(),
            noun.Add(
                "mpesa --name 'M-Pesa Kenya'",
                (call, id, cancellation) => call.Hub.Psps.CreateAsync(new PspSpec { Id = id, Name = call.Value(name) ?? id }, cancellation),
                name),
            noun.Set(
                "mpesa --archived true",
                (call, id, seen, cancellation) => call.Hub.Psps.SetAsync(
                    id,
                    new PspSpec { Name = call.Value(name) ?? seen.Name, Archived = call.Value(archived) ?? seen.Archived },
                    seen.Version,
                    cancellation),
                name, archived),
            noun.Remove(),
            SimulateVerb.Create(shell),
        }.Also("psp");
    }
}
