using System.Text.Json;
using System.Text.RegularExpressions;
using MoMo.Edge.Psps;
using MoMo.Tests.Support;

namespace MoMo.Tests.Docs;

/// <summary>docs/DOORBELLS.md is followed: the settings in it are taken, and the credentials it names are known.</summary>
public sealed class DoorbellsTests
{
    private static readonly string Text = File.ReadAllText(RepositoryFolder.Find("docs", "DOORBELLS.md"));

    [Fact]
    public void Settings_in_the_document_can_be_used()
    {
        string[] formats = ["mtn-momo", "pesapal", "flutterwave-v3", "selcom"];
        var shown = Regex.Matches(Text, "```json\n(.*?)```", RegexOptions.Singleline).Select(one => JsonElement.Parse(one.Groups[1].Value)).ToArray();
        Assert.Equal(formats.Length, shown.Length);
        foreach (var (format, settings) in formats.Zip(shown)) Assert.Null(CallbackFormats.All.Single(one => one.Name == format).CheckSettings(settings)?.ToString());
    }

    [Fact]
    public void Credentials_in_the_document_are_known()
    {
        string[] formats = ["mtn-momo", "pesapal"];
        var shown = Regex.Matches(Text, "echo '({.*?})' > secrets.json").Select(one => JsonElement.Parse(one.Groups[1].Value)).ToArray();
        Assert.Equal(formats.Length, shown.Length);
        foreach (var (format, credentials) in formats.Zip(shown))
            Assert.Equal(
                CallbackFormats.All.Single(one => one.Name == format).Credentials.Select(kind => kind.Name).Order(),
                credentials.EnumerateObject().Select(one => one.Name).Order());
    }
}
