// An adapter for a PSP that appends to a file, one payment a line: id;account;reference;amount;currency;paid_at
// MOMO_URL, MOMO_KEY and MOMO_ADAPTER say which hub and who we are; the file is the only argument. Ends with the file; Ctrl-C ends it earlier.
// The hub must know the adapter, the account that is paid, and the PSP, which is "toy" unless MOMO_PSP names another:
//   momo psps add toy; momo adapters add toy --psp toy; momo keys add 'toy 1' --scope adapter:toy
// How far it got is in a file beside it, and is moved on only after the hub's acknowledgement: after a crash some lines are sent twice, none is
// forgotten, and the hub counts each once.
using System.Runtime.InteropServices;
using CsharpAdapter;
using MoMo.Client.Adapters;

if (args is not [var path])
{
    await Console.Error.WriteLineAsync("usage: csharp-adapter FILE");
    return 2;
}

static string Variable(string name) => Environment.GetEnvironmentVariable(name) ?? throw new InvalidOperationException($"Set {name}.");

using var stop = new CancellationTokenSource();
void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}

using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var http = new HttpClient { BaseAddress = new Uri(Variable("MOMO_URL").TrimEnd('/') + "/") };
var options = new AdapterHostOptions
{
    Adapter = Variable("MOMO_ADAPTER"),
    Key = Variable("MOMO_KEY"),
    Trouble = trouble => Console.Error.WriteLine($"trying again: {trouble.Message}"),
};
await using var host = await AdapterHost.StartAsync(http, options, cancellation: stop.Token);
try
{
    var refused = await new FileSource(path, Environment.GetEnvironmentVariable("MOMO_PSP") ?? "toy").SendAsync(host, stop.Token);
    Console.WriteLine($"done, {refused} refused");
    return refused == 0 ? 0 : 3;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 130;
}
