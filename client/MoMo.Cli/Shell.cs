using System.CommandLine;

namespace MoMo.Cli;

/// <summary>Runs verbs: opens the call, and turns failures into two lines and an exit code.</summary>
internal sealed class Shell(Terminal terminal)
{
    public GlobalOptions Options { get; } = new();

    public Terminal Terminal { get; } = terminal;

    public async Task<int> RunAsync(ParseResult parsed, Func<Call, CancellationToken, Task<int>> act, CancellationToken cancellation)
    {
        var url = new Uri(Address.UrlDefault);
        try
        {
            var address = Address.Of(parsed, Options, Terminal);
            url = address.Url;
            using var call = new Call(parsed, address, parsed.GetValue(Options.Json), Terminal);
            return await act(call, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
        catch (Exception e) when (Complaints.Of(e, url) is not null)
        {
            return Complain(Complaints.Of(e, url)!);
        }
    }

    public int Complain(Complaint complaint)
    {
        Terminal.Error.WriteLine($"momo: {Clean.Text(complaint.Message)}");
        Terminal.Error.WriteLine($"      {Clean.Text(complaint.Next)}");
        return complaint.ExitCode;
    }
}
