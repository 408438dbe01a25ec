using System.Text.Json;
using System.Text.RegularExpressions;
using MoMo.Cli;
using MoMo.Edge.Channels.Poll;
using MoMo.Tests.Channels;
using MoMo.Tests.Cli;
using MoMo.Tests.Psps.MPesa;
using MoMo.Tests.Support;

namespace MoMo.Tests.Docs;

/// <summary>docs/MPESA.md is followed to the letter, with a Daraja of our own in the place of Safaricom's.</summary>
public sealed partial class MPesaDocumentTests(ChannelFixture fixture) : IClassFixture<ChannelFixture>
{
    private static readonly string Text = File.ReadAllText(RepositoryFolder.Find("docs", "MPESA.md"));

    [Fact]
    public async Task Its_commands_lead_to_what_callbacks_lost()
    {
        await using var api = await DarajaApi.StartAsync();
        using var folder = new TestFolder();
        foreach (Match file in NamedFile().Matches(Text))
            await File.WriteAllTextAsync(
                Path.Combine(folder.Path, file.Groups[1].Value),
                file.Groups[2].Value.Replace("https://api.safaricom.co.ke", api.Url, StringComparison.Ordinal)
                    .Replace("the consumer key", DarajaApi.Key, StringComparison.Ordinal).Replace("the consumer secret", DarajaApi.Secret, StringComparison.Ordinal));
        api.Paid["LOST1"] = (TimeProvider.System.GetUtcNow().AddMinutes(-5), "10.00", "whatever");
        var said = "";
        foreach (var line in Commands())
        {
            string[] words = [.. Regex.Matches(line, @"'([^']*)'|(\S+)").Select(word => word.Groups[1].Success ? word.Groups[1].Value : word.Value)];
            var args = words[1..].Select(word => word.StartsWith('@') ? $"@{Path.Combine(folder.Path, word[1..])}" : word);
            var run = await CliRun.Of($"{string.Join('|', args)}|--url|{fixture.Hub.Url}|--key|{fixture.Silo.Key}");
            Assert.True(run.ExitCode == ExitCode.Done, $"{line}\n{run.Out}{run.Error}");
            said += run.Out;
        }

        Assert.Contains("/v1/callbacks/mobile/", said, StringComparison.Ordinal);
        await fixture.UntilAsync("mobile-pull", channel => channel.GetProperty("payments_new").GetInt64() == 1);
        var found = (await fixture.Hub.GetAsync("/v1/payments?psp=mobile")).Json.GetProperty("items")[0];
        Assert.Equal(("LOST1", "shop"), (found.GetProperty("psp_reference").GetString(), found.GetProperty("account_id").GetString()));
    }

    [Fact]
    public void Its_settings_can_be_used_and_its_commands_exist()
    {
        var poll = JsonElement.Parse(NamedFile().Matches(Text).Single(one => one.Groups[1].Value == "poll.json").Groups[2].Value);
        Assert.Null(PollSettings.Parse(poll).Refused?.ToString());
        foreach (var command in Regex.Matches(Text, "(?m)^    momo (.+)$|`momo ([^`]+)`").Select(one => one.Groups[1].Success ? one.Groups[1].Value : one.Groups[2].Value))
            Assert.Empty(Momo.Create(new Shell(Terminal.OfProcess())).Parse(command, Momo.Parsing).Errors);
    }

    private static IEnumerable<string> Commands() => Regex.Matches(Text, "```sh\n(.*?)```", RegexOptions.Singleline)
        .SelectMany(one => one.Groups[1].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries));

    [GeneratedRegex("```json (\\w+\\.\\w+)\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex NamedFile();
}
