// An adapter for a PSP that appends to a file, one payment a line: id;account;reference;amount;currency;paid_at
// MOMO_URL, MOMO_KEY and MOMO_ADAPTER say which hub and who we are; the file is the only argument. Ends with the file; Ctrl-C ends it earlier.
// The hub must know the adapter, the account that is paid, and the PSP, which is "toy" unless MOMO_PSP names another:
//   momo psps add toy; momo adapters add toy --psp toy; momo keys add 'toy 1' --scope adapter:toy
// How far it got is in a file beside it, and is moved on only after the hub's acknowledgement: after a crash some lines are sent twice, none is
// forgotten, and the hub counts each once.
using System.Runtime.InteropServices;
using CsharpAdapter;
using MoMo.Client;
using MoMo.Client.Adapters;

var (url, key, adapter) = (Variable("MOMO_URL"), Variable("MOMO_KEY"), Variable("MOMO_ADAPTER"));
if (args is not [var path] || url is null || key is null || adapter is null)
{
    await Console.Error.WriteLineAsync("usage: MOMO_URL=… MOMO_KEY=… MOMO_ADAPTER=… csharp-adapter FILE");
    return 2;
}

static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } set ? set : null;

using var stop = new CancellationTokenSource();
void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}

using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var http = new HttpClient { BaseAddress = new Uri(url.TrimEnd('/') + "/") };
var options = new AdapterHostOptions
{
    Adapter = adapter,
    Key = key,
    Trouble = trouble => Console.Error.WriteLine($"trying again: {trouble.Message}"),
};
try
{
    await using var host = await AdapterHost.StartAsync(http, options, cancellation: stop.Token);
    var refused = await new FileSource(path, Variable("MOMO_PSP") ?? "toy").SendAsync(host, stop.Token);
    Console.WriteLine($"done, {refused} refused");
    return refused == 0 ? 0 : 3;
}
catch (MoMoException refusal)
{
    // The hub does not know us; nothing was sent.
    await Console.Error.WriteLineAsync(refusal.Message);
    return 1;
}
catch (IOException trouble)
{
    await Console.Error.WriteLineAsync(trouble.Message);
    return 1;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 130;
}
