using System.Text.RegularExpressions;
using MoMo.Cli;
using MoMo.Edge.Psps;
using MoMo.Tests.Channels;
using MoMo.Tests.Cli;
using MoMo.Tests.Support;

namespace MoMo.Tests.Docs;

/// <summary>docs/ADAPTERS.md is followed to the letter, against a real hub: its commands, its requests, its files and its program.</summary>
public sealed partial class AdaptersTests(ChannelFixture fixture) : IClassFixture<ChannelFixture>
{
    private static readonly string Text = File.ReadAllText(RepositoryFolder.Find("docs", "ADAPTERS.md"));

    [Fact]
    public async Task Its_commands_lead_from_an_empty_hub_to_payments()
    {
        using var folder = new TestFolder();
        foreach (Match file in NamedFile().Matches(Text)) await File.WriteAllTextAsync(Path.Combine(folder.Path, file.Groups[1].Value), file.Groups[2].Value);
        var blocks = Blocks("sh");
        Assert.Equal(3, blocks.Count);

        await RunAsync(blocks[0], folder.Path);
        File.Copy(Path.Combine(folder.Path, "day.csv"), Path.Combine(fixture.Root.Path, "cards", "day.csv"));
        await fixture.TakenAsync("cards", 1);
        Assert.Equal(["C-1", "C-2"], await ReferencesAsync("psp=cards&account_id=shop"));
        Assert.Equal(["C-3"], await ReferencesAsync("psp=cards&status=suspense"));
        await Eventually.TrueAsync(
            () => Directory.GetFiles(Path.Combine(fixture.Root.Path, "cards", "done")).Length == 1, () => "The file is not put away.");

        var said = await RunAsync(blocks[1], folder.Path);
        Assert.Contains("taken before", said, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^state +up$", said);
        Assert.Equal(3, (await ReferencesAsync("psp=cards")).Length);

        // The program outside, with the key that the last command showed.
        var key = Regex.Match(await RunAsync(blocks[2], folder.Path), @"(?m)^key +(\S+)$").Groups[1].Value;
        using var http = new HttpClient { BaseAddress = fixture.Hub.Url };
        var refused = await AdapterSnippet.BringAsync(http, key, [("T-1", "10.00"), ("T-2", "20.50"), ("T-1", "10.00"), ("T-1", "10.01"), ("T-3", "1.234")]);
        Assert.Equal(["T-1: payment-differs", "T-3: payment-malformed"], refused);
        Assert.Equal(["T-1", "T-2"], await ReferencesAsync("psp=till&account_id=shop"));
        Assert.Equal("down", (await fixture.Hub.GetAsync("/v1/adapters/till")).Text("state"));
    }

    [Fact]
    public async Task Its_requests_are_accepted()
    {
        List<(string Path, HubAnswer Answer)> answers = [];
        foreach (var request in Blocks("http").SelectMany(block => block.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)))
        {
            var (head, body) = request.Trim().Split('\n', 2) is [var line, var rest] ? (line.Split(' '), rest) : (request.Trim().Split(' '), null);
            var answer = await fixture.Hub.SendAsync(new HttpMethod(head[0]), head[1], body is null ? null : HubClient.Json(body));
            Assert.True(answer.Status is 200 or 201, $"{request}\n{answer}");
            answers.Add((head[1], answer));
        }

        Assert.Equal(6, answers.Count);
        Assert.StartsWith("/v1/callbacks/mobile-1/", answers[1].Answer.Text("callback_path"), StringComparison.Ordinal);
        Assert.DoesNotContain("wave_sn", answers[1].Answer.ToString(), StringComparison.Ordinal);
        Assert.Equal("sftp", answers[^1].Answer.Json.GetProperty("channel").GetProperty("kind").GetString());
    }

    [Fact]
    public async Task Its_program_is_the_one_that_is_run()
    {
        var shown = Trimmed(Blocks("csharp").Single());
        Assert.Contains(shown, Trimmed(await File.ReadAllTextAsync(RepositoryFolder.Find("tests", "MoMo.Tests", "Docs", "AdapterSnippet.cs"))), StringComparison.Ordinal);
    }

    [Fact]
    public void Its_commands_settings_and_formats_exist()
    {
        Assert.All(CallbackFormats.All, format => Assert.Contains($"`{format.Name}`", Text, StringComparison.Ordinal));
        var root = Momo.Create(new Shell(Terminal.OfProcess()));
        foreach (Match command in IndentedCommand().Matches(Text))
            Assert.Empty(root.Parse(command.Groups[1].Value.Replace('\'', '"'), Momo.Parsing).Errors);
        Assert.All(
            Regex.Matches(Text, "`(examples/[^`]+)`").Select(name => name.Groups[1].Value),
            name => Assert.True(Path.Exists(RepositoryFolder.Find(name.Split('/'))), name));
    }

    private static List<string> Blocks(string language) =>
        [.. Regex.Matches(Text, $"```{language}\n(.*?)```", RegexOptions.Singleline).Select(block => block.Groups[1].Value)];

    private static string Trimmed(string text) => string.Join('\n', text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0));

    private async Task<string[]> ReferencesAsync(string query) =>
        [.. (await fixture.Hub.GetAsync($"/v1/payments?{query}")).Json.GetProperty("items").EnumerateArray()
            .Select(one => one.GetProperty("psp_reference").GetString()!).Order(StringComparer.Ordinal)];

    /// <summary>Runs lines of a shell, in this process; files are those of the document, and the hub's inbox is where the test's hub looks.</summary>
    private async Task<string> RunAsync(string block, string folder)
    {
        var said = "";
        foreach (var line in block.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] words = [.. Regex.Matches(line, @"'([^']*)'|(\S+)").Select(word => word.Groups[1].Success ? word.Groups[1].Value : word.Value)];
            if (words[0] == "mkdir")
            {
                Directory.CreateDirectory(words[^1].Replace("momo-data/inbox", fixture.Root.Path, StringComparison.Ordinal));
                continue;
            }

            Assert.Equal("momo", words[0]);
            var args = words[1..].Select(word => word.StartsWith('@') ? $"@{Path.Combine(folder, word[1..])}" : word.EndsWith(".csv", StringComparison.Ordinal) ? Path.Combine(folder, word) : word);
            var run = await CliRun.Of($"{string.Join('|', args)}|--url|{fixture.Hub.Url}|--key|{fixture.Silo.Key}");
            Assert.True(run.ExitCode == ExitCode.Done, $"{line}\n{run.Out}{run.Error}");
            said += run.Out;
        }

        return said;
    }

    [GeneratedRegex("```(?:json|csv) (\\w+\\.\\w+)\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex NamedFile();

    [GeneratedRegex("(?m)^    momo (.+)$")]
    private static partial Regex IndentedCommand();
}
