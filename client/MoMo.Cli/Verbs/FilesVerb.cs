using System.CommandLine;
using MoMo.Client.Wire;

namespace MoMo.Cli.Verbs;

/// <summary>Looks at statement files that were taken in.</summary>
internal static class FilesVerb
{
    public static Command Create(Shell shell) =>
        new Verb(
            "files",
            "Look at statement files and what came of them. To send one: momo import.",
            "files list --adapter bank",
            "files show ID")
        {
            List(shell), ShowOne(shell),
        };

    private static Verb List(Shell shell)
    {
        var listing = new Listing<FileView>(
            MoMoJson.Default.FileView,
            new("id", file => file.Id),
            new("adapter", file => file.Adapter),
            new("name", file => file.Name),
            new("state", file => file.State),
            new("accepted", file => Show.Count(file.Accepted), Right: true),
            new("suspense", file => Show.Count(file.Suspense), Right: true),
            new("conflicts", file => Show.Count(file.Conflicts), Right: true),
            new("faults", file => Show.Count(file.Faults), Right: true),
            new("readings", file => Show.Count(file.Readings), Right: true),
            new("received_at", file => Show.Time(file.ReceivedAt)));
        var adapter = Given.Text("--adapter", "Of this adapter.", "ID");
        return new Verb("list", "List files.", "files list --adapter bank") { adapter, listing.Limit }.Runs(
            shell,
            (call, cancellation) =>
                listing.ShowAsync(call, pageSize => call.Hub.Files.ListAsync(call.Value(adapter), pageSize, cancellation), cancellation));
    }

    private static Verb ShowOne(Shell shell)
    {
        var id = Given.Argument("ID", "The file's id.");
        return new Verb("show", "Show one file, with what is wrong in it.", "files show ID") { id }.Runs(
            shell,
            async (call, cancellation) =>
                Card.Write(call, await call.Hub.Files.GetAsync(call.Value(id), cancellation), MoMoJson.Default.FileView));
    }
}
