using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using MoMo.Tests.Support;

namespace MoMo.Tests.Channels;

/// <summary>A real server on loopback, in the foreground, with its own configuration and folder. Ended with the test.</summary>
internal sealed class ServerProgram : IAsyncDisposable
{
    private readonly StringBuilder said = new();
    private readonly Process process;

    private ServerProgram(string program, string[] arguments, int port)
    {
        Port = port;
        process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true, RedirectStandardInput = true })!;
        process.ErrorDataReceived += Hear;
        process.OutputDataReceived += Hear;
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
    }

    public int Port { get; }

    public string Log
    {
        get { lock (said) return said.ToString(); }
    }

    /// <summary>Starts it and waits until it listens.</summary>
    public static async Task<ServerProgram> StartAsync(string program, int port, params string[] arguments)
    {
        var server = new ServerProgram(program, arguments, port);
        await Eventually.TrueAsync(
            async () =>
            {
                if (server.process.HasExited) Assert.Fail($"{program} ended at its start: {server.Log}");
                try
                {
                    using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                    await socket.ConnectAsync(IPAddress.Loopback, port);
                    return true;
                }
                catch (SocketException)
                {
                    return false;
                }
            },
            () => $"{program} does not listen: {server.Log}");
        return server;
    }

    /// <summary>A port that nobody listens on just now.</summary>
    public static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    /// <summary>Runs a tool to its end.</summary>
    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var run = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (run.StandardOutput.ReadToEndAsync(), run.StandardError.ReadToEndAsync());
        await run.WaitForExitAsync();
        return run.ExitCode == 0 ? await output : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {await error}");
    }

    /// <summary>Ends it with all that it started, as a power cut would.</summary>
    public async Task KillAsync()
    {
        if (!process.HasExited) process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        process.Dispose();
    }

    private void Hear(object sender, DataReceivedEventArgs line)
    {
        lock (said) said.AppendLine(CultureInfo.InvariantCulture, $"{line.Data}");
    }
}
