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

    /// <summary>The key that was given or found.</summary>
    public string? Key => address.Key;

    /// <summary>The hub is on this machine.</summary>
    public bool IsLoopback => address.Url.IsLoopback;

    public void Dispose() => http?.Dispose();

    /// <summary>The hub's address without any key, for what others would send. The caller's to dispose.</summary>
    public HttpClient OpenHttp() => Open(TimeSpan.FromSeconds(100));

    public T? Value<T>(Option<T> option) => parsed.GetValue(option);

    /// <summary>Whether an option was written, whatever it says by default.</summary>
    public bool Has(Option option) => parsed.GetResult(option) is { Implicit: false };

    public T Value<T>(Argument<T> argument) => parsed.GetRequiredValue(argument);

    /// <summary>Says something to people that is no part of the output.</summary>
    public void Remark(string text) => Terminal.Error.WriteLine(Clean.Text(text));

    private MoMoClient Connect(TimeSpan timeout)
    {
        http?.Dispose();
        http = Open(timeout);
        return new MoMoClient(http, new MoMoClientOptions { Key = address.Key });
    }

    private HttpClient Open(TimeSpan timeout)
    {
        // A proxy of the environment is for elsewhere.
        var handler = new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(10), UseProxy = !address.Url.IsLoopback };
        return new HttpClient(handler) { BaseAddress = address.Url, Timeout = timeout };
    }
}
