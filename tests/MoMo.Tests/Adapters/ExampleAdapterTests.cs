using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using MoMo.Tests.Chaos;
using MoMo.Tests.Support;
using Xunit.Abstractions;

namespace MoMo.Tests.Adapters;

/// <summary>
/// The example adapters as anybody would run them, against a silo that is killed and a wire that is cut while they send: each payment arrives once.
/// </summary>
public sealed class ExampleAdapterTests(ITestOutputHelper output)
{
    private const int Payments = 3_000;

    private static string Python => File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";

    [Fact]
    public Task The_csharp_adapter_brings_each_payment_once() =>
        BringAsync("dotnet", [Path.Combine(AppContext.BaseDirectory, "csharp-adapter.dll")], Payments);

    [Fact]
    public Task The_python_adapter_brings_each_payment_once() =>
        BringAsync(Python, [RepositoryFolder.Find("examples", "python-adapter", "adapter.py")], Payments / 3);

    [Theory]
    [InlineData("dotnet")]
    [InlineData("python")]
    public async Task Who_is_not_let_in_or_says_too_little_is_told_in_one_line(string kind)
    {
        var (program, script) = kind == "dotnet"
            ? ("dotnet", Path.Combine(AppContext.BaseDirectory, "csharp-adapter.dll"))
            : (Python, RepositoryFolder.Find("examples", "python-adapter", "adapter.py"));
        await using var silo = await SiloHost.StartAsync();
        Assert.Equal((1, "The key is not valid."), await RefusedAsync(Start(program, [script, "none.txt"], silo.Hub.Url, "bad")));
        Assert.Equal((2, "usage: MOMO_URL=… MOMO_KEY=… MOMO_ADAPTER=… "), await RefusedAsync(Start(program, [script, "none.txt"], silo.Hub.Url, "")));
    }

    /// <summary>How it ended, and the sentence of its one line that counts.</summary>
    private static async Task<(int ExitCode, string Said)> RefusedAsync(Process adapter)
    {
        using (adapter)
        {
            var said = await adapter.StandardError.ReadToEndAsync();
            await adapter.WaitForExitAsync();
            var line = Assert.Single(said.Split('\n', StringSplitOptions.RemoveEmptyEntries));
            return (adapter.ExitCode, Regex.Match(line, "The key is not valid\\.|usage: .*… ").Value);
        }
    }

    private async Task BringAsync(string program, string[] arguments, int payments)
    {
        using var folder = new TestFolder();
        var database = await PostgresFixture.CreateDatabaseAsync();
        await using var silo = new SiloProcess(output, folder.Path, database);
        await silo.StartAsync();
        await silo.Hub.AddPspAsync("till");
        await silo.Hub.AddAccountAsync("acme");
        await silo.Hub.AddAdapterAsync("toy", "till", "json");
        var key = await silo.Hub.AddKeyAsync("adapter:toy");
        await using var wire = new CutProxy(silo.Hub.Url);
        var file = Path.Combine(folder.Path, "psp.txt");
        await File.WriteAllLinesAsync(file, Enumerable.Range(1, payments).Select(number =>
            string.Create(CultureInfo.InvariantCulture, $"T{number};acme;;{number}.50;KES;2026-01-15T09:30:47Z")));
        using var adapter = Start(program, [.. arguments, file], wire.Url, key);
        var said = Task.WhenAll(adapter.StandardOutput.ReadToEndAsync(), adapter.StandardError.ReadToEndAsync());

        await Eventually.TrueAsync(async () => await CountAsync(database) > payments / 10, () => "Nothing came.");
        wire.Cut();
        await Eventually.TrueAsync(async () => await CountAsync(database) > payments / 4, () => "Nothing came after the cut.");
        await silo.KillAsync();
        wire.LeadTo(null);
        await silo.StartAsync();
        wire.LeadTo(silo.Hub.Url);

        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await adapter.WaitForExitAsync(patience.Token);
        var texts = await said;
        output.WriteLine(string.Concat(texts));
        Assert.Equal(("done, 0 refused", 0), (texts[0].Trim(), adapter.ExitCode));
        Assert.Contains("trying again", texts[1], StringComparison.Ordinal);
        Assert.Equal(payments, await CountAsync(database));
        Assert.Equal("down", (await silo.Hub.GetAsync("/v1/adapters/toy")).Json.GetProperty("state").GetString());
        var history = (await silo.Hub.GetAsync("/v1/adapters/toy/states")).Json.GetProperty("items");
        Assert.Equal(["down", "up"], history.EnumerateArray().Select(one => one.GetProperty("state").GetString()!));
        await JournalHost.AssertLawfulAsync(database);
    }

    private static Task<long> CountAsync(TestDatabase database) =>
        Sql.AskAsync<long>(database.AppConnectionString, "SELECT count(*) FROM payments WHERE adapter_id = 'toy' AND account_id = 'acme'");

    private static Process Start(string program, string[] arguments, Uri url, string key)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        (start.Environment["MOMO_URL"], start.Environment["MOMO_KEY"], start.Environment["MOMO_ADAPTER"]) = (url.ToString(), key, "toy");
        start.Environment["MOMO_PSP"] = "till";
        return Process.Start(start)!;
    }
}
