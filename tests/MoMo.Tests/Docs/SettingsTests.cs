using System.Text.Json;
using System.Text.RegularExpressions;
using MoMo.Edge.Psps;
using MoMo.Tests.Support;

namespace MoMo.Tests.Docs;

/// <summary>docs/SETTINGS.md against a real hub: what it shows is taken, and it tells of every setting, credential and rule that there is.</summary>
public sealed partial class SettingsTests(HubFixture fixture) : IClassFixture<HubFixture>
{
    private const string Psp = "psp";

    private static readonly string Text = File.ReadAllText(RepositoryFolder.Find("docs", "SETTINGS.md"));

    /// <summary>Every format with settings, with one that there is not at each place where settings are.</summary>
    public static TheoryData<string, string> Places
    {
        get
        {
            const string Rows = """{"?":1,"columns":{"?":1},"fields":{"?":1},"type_values":{"?":1},"filters":[{"?":1}]}""";
            var places = new TheoryData<string, string>
            {
                { "csv", Rows }, { "xml", Rows }, { "json-list", """{"?":1,"fields":{"?":1},"reversals":{"?":1}}""" }, { "mpesa-pull", """{"?":1}""" },
            };
            foreach (var format in (string[])["camt.052", "camt.053", "camt.054", "mt940", "mt942", "ofx", .. CallbackFormats.All.Select(one => one.Name)])
                places.Add(format, """{"?":1}""");
            return places;
        }
    }

    [Fact]
    public async Task What_it_shows_is_taken()
    {
        var shown = Shown().Matches(Text);
        Assert.Equal(11, shown.Count);
        foreach (Match one in shown)
        {
            var (name, given) = (one.Groups[1].Value, JsonElement.Parse(one.Groups[2].Value));
            await fixture.Hub.AddAdapterAsync(
                $"shown-{one.Index}", Psp, name == "rules" ? "json" : name, name == "rules" ? null : given,
                name == "rules" ? [.. given.EnumerateArray().Cast<object>()] : null);
        }
    }

    [Theory, MemberData(nameof(Places))]
    public async Task It_tells_of_every_setting_that_there_is(string format, string settings)
    {
        var refused = await fixture.Hub.PostAsync(
            "/v1/adapters", new { id = $"unknown-{format}", name = "Unknown", psp = Psp, format, settings = JsonElement.Parse(settings) });
        var names = There().Matches(refused.ToString()).SelectMany(one => one.Groups[1].Value.Split(", ")).ToHashSet();
        Assert.True(names.Count > 0, refused.ToString());
        var told = Told(format);
        Assert.All(names, name => Assert.Contains($"`{name}`", told, StringComparison.Ordinal));
    }

    [Fact]
    public void It_tells_of_every_credential_that_there_is()
    {
        foreach (var format in CallbackFormats.All)
            Assert.All(format.Credentials, credential => Assert.Contains($"`{credential.Name}`", Told(format.Name), StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_tells_of_every_rule_that_there_is()
    {
        var refused = await fixture.Hub.PostAsync(
            "/v1/adapters", new { id = "unknown-rule", name = "Unknown", psp = Psp, format = "json", rules = new[] { new { rule = "no-such" } } });
        var names = Regex.Match(refused.ToString(), "There is no rule 'no-such'; use ([^.]+)\\.").Groups[1].Value.Split([", ", " or "], StringSplitOptions.None);
        Assert.Equal(6, names.Length);
        Assert.All(names, name => Assert.Contains($"| `{name}` |", Section("Routing rules"), StringComparison.Ordinal));
    }

    /// <summary>What is told of a format: its section, or its row of those that call back.</summary>
    private static string Told(string format) => CallbackFormats.All.Any(one => one.Name == format)
        ? Section("PSPs that call back").Split('\n').Single(line => line.StartsWith($"| `{format}` |", StringComparison.Ordinal))
        : Section(format);

    /// <summary>The section whose title has this word.</summary>
    private static string Section(string word) => Assert.Single(
        Text.Split("\n## ")[1..], section => Regex.IsMatch(section.Split('\n')[0], $@"(^|\s|,){Regex.Escape(word)}($|\s|,)"));

    [GeneratedRegex("```json (\\S+)\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Shown();

    [GeneratedRegex("there are: ([^.]+)\\.")]
    private static partial Regex There();
}
