using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using MoMo.Silo.Hosting;
using MoMo.Tests.Support;
using Xunit.Abstractions;

namespace MoMo.Tests.Hosting;

/// <summary>A silo that can't start says why and what to do, in a line each, and ends with 1, or with 2 when it was told something wrong.</summary>
public sealed class StartTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("http://127.0.0.1:{0}")]
    [InlineData("http://localhost:{0}")]
    [InlineData("http://*:{0}")]
    [InlineData("http://127.0.0.1:0;http://0.0.0.0:{0}")]
    public async Task An_address_that_is_taken_is_named(string urls)
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        var given = string.Format(CultureInfo.InvariantCulture, urls, port);
        // Nothing was begun for it: no database is asked, so that none need be there.
        var said = await FailAsync($"Host=127.0.0.1;Port={port};Database=none", given);
        Assert.Equal(
            $"momo: Another program listens on {given.Split(';')[^1]} already.\n"
            + "      If it is a hub, use it or stop it; or listen elsewhere: ./momo up --urls http://127.0.0.1:8081\n",
            said);
    }

    [Fact]
    public async Task What_is_no_address_or_not_this_machines_is_named()
    {
        Assert.StartsWith("momo: 'nonsense' is no address to listen on.\n", await FailAsync("Host=127.0.0.1", "nonsense", 2), StringComparison.Ordinal);
        Assert.StartsWith(
            "momo: http://192.0.2.1:8080 is not an address of this machine.\n", await FailAsync("Host=127.0.0.1", "http://192.0.2.1:8080"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_can_not_be_reached_is_named_without_its_password()
    {
        using var closed = new TcpListener(IPAddress.Loopback, 0);
        closed.Start();
        var port = ((IPEndPoint)closed.LocalEndpoint).Port;
        closed.Stop();
        var said = await FailAsync($"Host=127.0.0.1;Port={port};Database=payments;Username=u;Password=hunter2", "http://127.0.0.1:0");
        Assert.StartsWith($"momo: The database payments at 127.0.0.1:{port} can't be used: ", said, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", said, StringComparison.Ordinal);
        Assert.Equal(2, said.TrimEnd().Split('\n').Length);
    }

    [Theory]
    [InlineData("--databse|Host=nowhere", "The hub does not know '--databse'. Did you mean --database?")]
    [InlineData("--databse=Host=nowhere", "The hub does not know '--databse'. Did you mean --database?")]
    [InlineData("stray", "The hub does not know 'stray'.")]
    [InlineData("MoMo:Data=x", "The hub does not know 'MoMo:Data'. Did you mean --MoMo:Data?")]
    [InlineData("--MoMo:Jurnal:QueueMax=7", "The hub does not know '--MoMo:Jurnal:QueueMax'. Did you mean --MoMo:Journal:QueueMax?")]
    [InlineData("--MoMo:Journal:Queue=7", "The hub does not know '--MoMo:Journal:Queue'. Did you mean --MoMo:Journal:QueueMax?")]
    [InlineData("--MoMo:SecretKeys=k1", "The hub does not know '--MoMo:SecretKeys'. Did you mean --MoMo:SecretKeys:0?")]
    [InlineData("--MoMo__Data=x", "The hub does not know '--MoMo__Data'. Did you mean --MoMo:Data?")]
    [InlineData("--database", "--database needs a value.")]
    [InlineData("--database=", "--database needs a value.")]
    [InlineData("--database|", "--database needs a value.")]
    [InlineData("--data|--demo", "--data needs a value.")]
    [InlineData("--MoMo:Data", "--MoMo:Data needs a value.")]
    [InlineData("--demo=perhaps", "--demo is true or false, not 'perhaps'.")]
    public async Task A_command_line_that_the_hub_does_not_know_begins_nothing(string args, string what)
    {
        using var folder = new TestFolder();
        var (code, said, error) = await RunAsync(Silo(folder.Path, args.Split('|')));
        var lines = error.TrimEnd().Split('\n');
        Assert.Equal((2, "", 2, $"momo: {what}"), (code, said, lines.Length, lines[0]));
        Assert.StartsWith("      It takes --data DIR, --urls URL, --database CONNECTION, --demo, ", lines[1], StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Theory]
    [InlineData("--MoMo:Journal:QueueMax=abc", "Failed to convert configuration value 'abc' at 'MoMo:Journal:QueueMax' to type 'System.Int32'.")]
    [InlineData("--MoMo:Journal:QueueMax=0", "MoMo:Journal:QueueMax: The field QueueMax must be between 1 and 1000000.")]
    [InlineData("--MoMo:Database:SharedBuffersMegabytes=1", "MoMo:Database:SharedBuffersMegabytes: The field SharedBuffersMegabytes must be between 16 and 65536.")]
    [InlineData("--MoMo:KnownProxies:0=proxy", "MoMo:KnownProxies: 'proxy' is neither an address nor a network")]
    [InlineData("--MoMo:ConnectionsMax=8", "Twice MoMo:Journal:Lines times MoMo:Journal:WritersMax must be less than MoMo:ConnectionsMax")]
    public async Task A_value_that_a_setting_can_not_have_begins_nothing(string arg, string what)
    {
        using var folder = new TestFolder();
        var (code, said, error) = await RunAsync(Silo(folder.Path, arg));
        var lines = error.TrimEnd().Split('\n');
        Assert.Equal((2, "", 2), (code, said, lines.Length));
        Assert.StartsWith($"momo: {what}", lines[0], StringComparison.Ordinal);
        Assert.Equal("      Correct it where it is set: a flag, an environment variable, or appsettings.json.", lines[1]);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Settings_by_their_full_name_stay() => Assert.Equal(
        [
            "--MoMo:Data=x", "--MoMo:Journal:QueueMax=7", "--momo:log=json", "--MoMo:SecretKeys:0=k1:a=", "--MoMo:Webhooks:AllowedNetworks:own=10.0.0.0/8", "--MoMo:Log=",
            "--MoMo:Database:Settings:work_mem=8MB", "--Logging:LogLevel:MoMo.Deliveries=Warning", "--environment=Development", "--MoMo:Demo=true",
        ],
        Flags.ToSettings(
        [
            "--data", "x", "--MoMo:Journal:QueueMax", "7", "--momo:log=json", "--MoMo:SecretKeys:0=k1:a=", "--MoMo:Webhooks:AllowedNetworks:own=10.0.0.0/8", "--MoMo:Log=",
            "--MoMo:Database:Settings:work_mem=8MB", "--Logging:LogLevel:MoMo.Deliveries=Warning", "--environment", "Development", "--demo",
        ]));

    [Theory]
    [InlineData(null, "", "own")]
    [InlineData("""{"MoMo":{"Database":{"ConnectionString":"Host=db"}}}""", "", "given")]
    [InlineData("""{"MoMo":{"Database":"Host=db"}}""", "", "given")]
    [InlineData("""{"MoMo":{"Database":{"ConnectionsMax":50}}}""", "", "own")]
    [InlineData(null, "Host=db", "given")]
    [InlineData("""{"MoMo":{"Database":{"ConnectionString":"Host=db"}}}""", " ", "own")]
    public async Task Whoever_would_install_PostgreSQL_can_ask_whether_a_database_is_given(string? file, string variable, string whose)
    {
        using var folder = new TestFolder();
        if (file is not null) await File.WriteAllTextAsync(Path.Combine(folder.Path, "appsettings.json"), file);
        var start = Silo(folder.Path, "--whose-database");
        if (variable.Length > 0) start.Environment["MoMo__Database__ConnectionString"] = variable;
        Assert.Equal((0, $"{whose}\n", ""), await RunAsync(start));
        Assert.Equal((0, "given\n", ""), await RunAsync(Silo(folder.Path, "--whose-database", "--database", "Host=db", "--demo")));
        Assert.False(Directory.Exists(Path.Combine(folder.Path, "momo-data")));
    }

    private async Task<string> FailAsync(string database, string urls, int expected = 1)
    {
        using var folder = new TestFolder();
        var (code, said, error) = await RunAsync(Silo(folder.Path, "--database", database, "--urls", urls));
        output.WriteLine(error);
        Assert.Equal((expected, ""), (code, said));
        return error;
    }

    private static ProcessStartInfo Silo(string folder, params string[] args)
    {
        var host = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";
        return new ProcessStartInfo(host, [Path.Combine(AppContext.BaseDirectory, "MoMo.Silo.dll"), .. args])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder,
        };
    }

    private static async Task<(int Code, string Out, string Error)> RunAsync(ProcessStartInfo start)
    {
        using var process = Process.Start(start)!;
        var (said, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, (await said).ReplaceLineEndings("\n"), (await error).ReplaceLineEndings("\n"));
    }
}
