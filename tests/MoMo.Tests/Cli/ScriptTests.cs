using System.Diagnostics;
using System.Runtime.Versioning;
using MoMo.Bench;
using MoMo.Simulator.Hunt;
using MoMo.Tests.Support;

namespace MoMo.Tests.Cli;

/// <summary>The script at the root refuses what it does not know before anything is built or started: it runs where there are no sources to build.</summary>
[SupportedOSPlatform("linux")]
public sealed class ScriptTests
{
    [Theory]
    [InlineData("up|--data|X|--databse|Host=nowhere", "up does not know '--databse'; did you mean --database?")]
    [InlineData("up|--databse=Host=nowhere", "up does not know '--databse'; did you mean --database?")]
    [InlineData("up|--dat|X", "up does not know '--dat'; did you mean --data?")]
    [InlineData("up|stray", "up does not know 'stray'")]
    [InlineData("up|", "up does not know ''")]
    [InlineData("up|--demo|stray", "up does not know 'stray'")]
    [InlineData("up|--demo=perhaps", "--demo is true or false, not 'perhaps'")]
    [InlineData("up|--data", "--data needs a value")]
    [InlineData("up|--data|--demo", "--data needs a value")]
    [InlineData("up|--database|", "--database needs a value")]
    [InlineData("up|--database=", "--database needs a value")]
    [InlineData("up|--MoMo:Data", "--MoMo:Data needs a value")]
    [InlineData("up|--whose-database", "up does not know '--whose-database'")]
    [InlineData("test|--fliter|X", "test does not know '--fliter'; did you mean --filter?")]
    [InlineData("test|Client", "test does not know 'Client'")]
    [InlineData("test|--filter", "--filter needs a value")]
    [InlineData("chaos|--kils|3", "chaos does not know '--kils'; did you mean --kills?")]
    [InlineData("chaos|3", "chaos does not know '3'")]
    [InlineData("chaos|--kills", "--kills needs a value")]
    [InlineData("simulate|--minuts|3", "simulate does not know '--minuts'; did you mean --minutes?")]
    [InlineData("simulate|--real=x", "--real is true or false, not 'x'")]
    [InlineData("simulate|hard", "simulate does not know 'hard'")]
    [InlineData("bench|acept", "bench does not know 'acept'; did you mean accept?")]
    [InlineData("bench|accept engine", "bench does not know 'accept engine'")]
    [InlineData("bench|--quick=true", "--quick takes no value")]
    public async Task What_a_verb_does_not_know_is_refused_before_anything_is_built(string args, string what)
    {
        var (code, said, error) = await RunAsync(args.Split('|'));
        Assert.Equal((2, "", $"momo: {what}\n      ./momo {args.Split('|')[0]} --help shows how.\n"), (code, said, error));
    }

    [Theory]
    [InlineData("up")]
    [InlineData("up|--data|X|--urls=http://127.0.0.1:0|--database|Host=nowhere;Username=a|--demo")]
    [InlineData("up|--MoMo:Journal:QueueMax=7|--MoMo:Log|json|--Logging:LogLevel:Default=Warning|--environment|Development|--demo=false")]
    [InlineData("simulate|--seed|4711|--only|18|67|104|--steps=9")]
    [InlineData("simulate|--real|--minutes|0.5")]
    public async Task What_it_knows_goes_on_to_the_build(string args)
    {
        var (code, _, error) = await RunAsync(args.Split('|'));
        Assert.NotEqual(2, code);
        Assert.Contains("momo: building MoMo.", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_knows_every_benchmark_and_every_option_of_the_simulator()
    {
        var script = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "momo"));
        Assert.All(Suite.All, benchmark => Assert.Matches($@"(?m)^(?=accept engine ).*\b{benchmark.Name}\b", script));
        Assert.All(SimulateCommand.Make().Options, option => Assert.Matches($@"require_known simulate "".* ?{option.Name}[=?]?[ ""]", script));
    }

    /// <summary>A copy of the script alone in a folder, with a dotnet that only says that it is one.</summary>
    private static async Task<(int Code, string Out, string Error)> RunAsync(string[] args)
    {
        using var folder = new TestFolder();
        File.Copy(Path.Combine(Repository.Root, "momo"), Path.Combine(folder.Path, "momo"));
        var dotnet = Path.Combine(folder.Path, "dotnet");
        await File.WriteAllTextAsync(dotnet, "#!/bin/sh\nif [ \"$1\" = --list-sdks ]; then echo '10.0.100 [x]'; fi\n");
        File.SetUnixFileMode(dotnet, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var start = new ProcessStartInfo("bash", [Path.Combine(folder.Path, "momo"), .. args])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder.Path,
        };
        start.Environment["PATH"] = $"{folder.Path}:{start.Environment["PATH"]}";
        start.Environment.Remove("MOMO_DATA");
        using var process = Process.Start(start)!;
        var (said, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await said, await error);
    }
}
