using System.Diagnostics;
using System.Reflection;
using MoMo.Storage.Cluster;

namespace MoMo.Tests.Support;

/// <summary>The test assembly run as a program of its own: something to kill.</summary>
internal static class TestProcess
{
    /// <summary>What <c>hold-cluster</c> says when its cluster runs.</summary>
    public const string Ready = "ready";

    /// <summary>Runs one of the acts until the process is killed or its input ends.</summary>
    public static async Task<int> Main(string[] arguments)
    {
        if (arguments is not ["hold-cluster", var folder]) return 2;

        await using var cluster = await PrivateCluster.StartAsync(folder);
        Console.WriteLine($"{Ready} {cluster.ServerPid}");
        await Console.In.ReadToEndAsync();
        return 0;
    }

    /// <summary>Starts an act in a process of its own.</summary>
    public static Process Start(params string[] arguments) => Process.Start(
        new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet",
            [Assembly.GetExecutingAssembly().Location, .. arguments])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true,
        })!;
}
