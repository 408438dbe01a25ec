using System.CommandLine;
using MoMo.Client;

namespace MoMo.Cli;

/// <summary>One run of one verb: what was asked, where it goes, how it is shown.</summary>
internal sealed class Call(ParseResult parsed, Address address, bool json, Terminal terminal) : IDisposable
{
    private HttpClient? http;

    /// <summary>Print for programs.</summary>
    public bool Json { get; } = json;

    public Terminal Terminal { get; } = terminal;

    /// <summary>The hub, with 100 seconds for each answer.</summary>
    public MoMoClient Hub => Connect(TimeSpan.FromSeconds(100));

    /// <summary>The hub, for what takes as long as it takes. Ctrl-C ends it.</summary>
    public MoMoClient PatientHub => Connect(Timeout.InfiniteTimeSpan);

    public void Dispose() => http?.Dispose();

    public T? Value<T>(Option<T> option) => parsed.GetValue(option);

    public T Value<T>(Argument<T> argument) => parsed.GetRequiredValue(argument);

    /// <summary>Says something to people that is no part of the output.</summary>
    public void Remark(string text) => Terminal.Error.WriteLine(Clean.Text(text));

    private MoMoClient Connect(TimeSpan timeout)
    {
        // A proxy of the environment is for elsewhere.
        var handler = new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(10), UseProxy = !address.Url.IsLoopback };
        http?.Dispose();
        http = new HttpClient(handler) { BaseAddress = address.Url, Timeout = timeout };
        return new MoMoClient(http, new MoMoClientOptions { Key = address.Key });
    }
}
