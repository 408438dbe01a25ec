using System.CommandLine;
using MoMo.Client.Wire;
using Spectre.Console;

namespace MoMo.Cli.Verbs;

/// <summary>Sends a statement file.</summary>
internal static class ImportVerb
{
    public static Command Create(Shell shell)
    {
        var file = new Argument<FileInfo>("FILE") { Description = "The statement, as the PSP gave it." };
        var adapter = Given.Needed("--adapter", "The adapter that reads it.", "ID");

        return new Verb(
            "import",
            "Send a statement file and wait until it is read. Safe to repeat: no payment is taken twice. "
            + "Exit code 0 when all is taken, 3 when entries were refused or held.",
            "import statement.xml --adapter bank",
            "import 2026-01.csv --adapter mpesa-statements --json")
        {
            file, adapter,
        }.Runs(shell, async (call, cancellation) =>
        {
            var path = call.Value(file);
            if (!path.Exists) throw new Complaint($"there is no file {path}", "Check the path.", ExitCode.Misused);

            await using var content = new FileStream(path.FullName, FileMode.Open, FileAccess.Read, FileShare.Read, 65_536, useAsync: true);
            Task<FileView> Send(IProgress<long>? sent) =>
                call.PatientHub.Files.SendAsync(call.Value(adapter)!, content, path.Name, sent, cancellation);

            var view = call is { Json: false, Terminal.Rich: true } ? await SendWatchedAsync(call, content.Length, Send) : await Send(null);
            if (call.Json) Card.Write(call, view, MoMoJson.Default.FileView);
            else Summarise(call, view);
            return Judge(view);
        });
    }

    private static Task<FileView> SendWatchedAsync(Call call, long size, Func<IProgress<long>, Task<FileView>> send) =>
        call.Terminal.OpenConsole().Progress()
            .Columns(
                new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new DownloadedColumn(), new SpinnerColumn())
            .StartAsync(async progress =>
            {
                var task = progress.AddTask("sending", maxValue: Math.Max(size, 1));
                var view = await send(new Bar(task, size));
                task.Description = "read";
                task.Value = task.MaxValue;
                return view;
            });

    private static void Summarise(Call call, FileView view)
    {
        var outcome = view.State == "refused" ? $"refused: {view.Detail}" : view.State;
        var before = view.Replayed ? " (the same file was sent before)" : "";
        call.Terminal.Out.WriteLine(Clean.Text($"{view.Name ?? view.Id}: {outcome}{before}"));
        Table.Write<(string Outcome, long Count)>(
            call.Terminal,
            [new("outcome", row => row.Outcome), new("entries", row => Show.Count(row.Count), Right: true)],
            [
                ("accepted", view.Accepted), ("suspense", view.Suspense), ("taken before", view.ReplayedPayments),
                ("conflicts", view.Conflicts), ("faults", view.Faults), ("not incoming money", view.Notices),
            ]);
        if (view.Remarks.Count == 0) return;

        // The counts are of this reading; remarks stay for ever, also on what has been taken since.
        if (view.Replayed) call.Terminal.Out.WriteLine("remarks since the file first came:");
        Table.Write<FileFaultView>(
            call.Terminal,
            [
                new("position", fault => Show.Count(fault.Position), Right: true), new("code", fault => fault.Code),
                new("detail", fault => fault.Detail),
            ],
            view.Remarks);
    }

    private static int Judge(FileView view) =>
        view.State == "refused" ? ExitCode.Failed : view.Conflicts + view.Faults > 0 ? ExitCode.Partly : ExitCode.Done;

    private sealed class Bar(ProgressTask task, long size) : IProgress<long>
    {
        public void Report(long value)
        {
            task.Value = value;
            if (value >= size) task.Description = "the hub reads it";
        }
    }
}
