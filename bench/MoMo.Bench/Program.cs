using System.Runtime.InteropServices;
using MoMo.Bench;

// Ctrl-C and SIGTERM end the run in order: the silos and the database that it started are stopped, the folder is removed.
using var stop = new CancellationTokenSource();
void End(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}

using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
return await Suite.RunAsync(args, stop.Token);
