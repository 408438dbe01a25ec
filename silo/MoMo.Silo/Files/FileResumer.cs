using MoMo.Domain;
using MoMo.Domain.Files;
using MoMo.Storage.Files;

namespace MoMo.Silo.Files;

/// <summary>
/// Goes on, at the start and then ever more seldom, with files whose reading a crash or an absent database cut short. Two silos may both do it: nothing is
/// taken twice.
/// </summary>
internal sealed class FileResumer(FileStore store, FileIntake intake, IDirectory directory, TimeProvider clock, ILogger<FileResumer> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    /// <summary>A file that fails again and again is tried again after 1, 2, 4… minutes, up to this: it is kept, and somebody may mend its adapter.</summary>
    private static readonly TimeSpan WaitMax = TimeSpan.FromHours(6);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, clock);
        try
        {
            do await ResumeAllAsync(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The next start goes on.
        }
    }

    private async Task ResumeAllAsync(CancellationToken cancellation)
    {
        try
        {
            foreach (var file in await store.UnfinishedAsync(clock.GetUtcNow(), cancellation)) await ResumeAsync(file, cancellation);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            log.LogWarning("Files that were not read to their end could not be looked for; the next minute tries again: {Reason}", e.Message);
        }
    }

    private async Task ResumeAsync(StatementFile file, CancellationToken cancellation)
    {
        try
        {
            // Its sender's own request may be reading it just now, or be done since.
            if (intake.IsReading(file.Id) || await store.FindAsync(file.Id, cancellation) is not { IsUnfinished: true }) return;
            if (await directory.FindAdapterAsync(file.Adapter, cancellation) is not { } adapter || !intake.Reads(adapter.Format)) return;
            await store.PutOffAsync(file.Id, Pause, WaitMax, cancellation);
            log.LogInformation("Going on with file {File} of adapter {Adapter}, which was not read to its end.", file.Id, file.Adapter);
            await intake.ReadAsync(adapter, file, cancellation);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            // One file's trouble must not keep the others waiting.
            log.LogWarning(e, "File {File} could not be read to its end; it is tried again, later each time.", file.Id);
            await ExplainAsync(file, e, cancellation);
        }
    }

    private async Task ExplainAsync(StatementFile file, Exception fault, CancellationToken cancellation)
    {
        try
        {
            await store.ExplainAsync(file.Id, $"It could not be read to its end ({fault.GetType().Name}), and is tried again.", cancellation);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            log.LogWarning("What keeps file {File} could not be recorded: {Reason}", file.Id, e.Message);
        }
    }
}
