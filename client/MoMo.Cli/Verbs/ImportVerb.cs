using System.CommandLine;
using System.Text.Json;
using MoMo.Client;
using MoMo.Client.Wire;
using Spectre.Console;

namespace MoMo.Cli.Verbs;

/// <summary>Sends a statement file.</summary>
internal static class ImportVerb
{
    public static Command Create(Shell shell)
    {
        var file = Given.Argument("FILE", "The statement, as the PSP gave it; - for the standard input.");
        var adapter = Given.Needed("--adapter", "The adapter that reads it.", "ID");

        return new Verb(
            "import",
            "Send a statement file and wait until it is read. Safe to repeat: no payment is taken twice. "
            + "Exit code 0 when all is taken, 3 when entries were refused or held, 1 when the file as a whole was; with --json that prints why, as a problem.",
            "import statement.xml --adapter bank",
            "import 2026-01.csv --adapter mpesa-statements --json",
            "import - --adapter bank < statement.xml")
        {
            file, adapter,
        }.Runs(shell, async (call, cancellation) =>
        {
            var path = call.Value(file);
            await using var content = InputFile.Open(call, path);
            Task<FileView> Send(IProgress<long>? sent) =>
                call.PatientHub.Files.SendAsync(call.Value(adapter)!, content, InputFile.Name(path), sent, cancellation);

            try
            {
                long? size = content.CanSeek ? content.Length : null;
                var view = call is { Json: false, Terminal.Rich: true } ? await SendWatchedAsync(call, size, Send) : await Send(null);
                if (call.Json) Card.Write(call, view, MoMoJson.Default.FileView);
                else Summarise(call, view);
                return view.Conflicts + view.Faults > 0 ? ExitCode.Partly : ExitCode.Done;
            }
            catch (MoMoException e) when (call.Json && e.Code == "file-refused")
            {
                call.Terminal.Out.WriteLine(JsonSerializer.Serialize(e.Problem, MoMoJson.Default.ProblemView));
                throw;
            }
        });
    }

    private static Task<FileView> SendWatchedAsync(Call call, long? size, Func<IProgress<long>, Task<FileView>> send) =>
        call.Terminal.OpenConsole().Progress()
            .Columns(
                new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new DownloadedColumn(), new SpinnerColumn())
            .StartAsync(async progress =>
            {
                var task = progress.AddTask("sending", maxValue: Math.Max(size ?? 1, 1));
                task.IsIndeterminate = size is null;
                var view = await send(new Bar(task, size));
                task.IsIndeterminate = false;
                task.Description = "read";
                task.Value = task.MaxValue;
                return view;
            });

    private static void Summarise(Call call, FileView view)
    {
        var before = view.Replayed ? " (the same file was sent before)" : "";
        call.Terminal.Out.WriteLine(Clean.Text($"{view.Name ?? view.Id}: {view.State}{before}"));
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
                new("detail", fault => fault.Detail, Wraps: true),
            ],
            view.Remarks);
    }

    private sealed class Bar(ProgressTask task, long? size) : IProgress<long>
    {
        public void Report(long value)
        {
            if (size is null) task.MaxValue = Math.Max(value, 1);
            task.Value = value;
            if (value >= size) task.Description = "the hub reads it";
        }
    }
}
