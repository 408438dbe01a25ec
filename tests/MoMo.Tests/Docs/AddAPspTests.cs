using System.Text;
using System.Text.RegularExpressions;
using MoMo.Domain;
using MoMo.Domain.Callbacks;
using MoMo.Domain.Files;
using MoMo.Edge.Psps;
using MoMo.Edge.Psps.ExamplePay;
using MoMo.Tests.Psps.Specs;
using MoMo.Tests.Support;

namespace MoMo.Tests.Docs;

/// <summary>docs/ADD_A_PSP.md is followed: its class is compiled here, works, and what it names is there.</summary>
public sealed class AddAPspTests
{
    private static readonly string Text = File.ReadAllText(RepositoryFolder.Find("docs", "ADD_A_PSP.md"));

    [Fact]
    public void The_class_in_the_document_is_the_one_that_is_compiled()
    {
        var shown = Regex.Match(Text, "```csharp\n(.*?)```", RegexOptions.Singleline).Groups[1].Value;
        Assert.Equal(File.ReadAllText(RepositoryFolder.Find("tests", "MoMo.Tests", "Psps", "Example", "ExamplePayFormat.cs")), shown);
    }

    [Fact]
    public void What_the_document_names_is_there()
    {
        var names = Regex.Matches(Text, @"`((?:src|tests)/[\w./-]+)`").Select(name => name.Groups[1].Value).ToList();
        Assert.NotEmpty(names);
        Assert.All(names, name => Assert.True(Path.Exists(RepositoryFolder.Find(name.Split('/'))), name));
    }

    [Fact]
    public void The_class_takes_a_payment_and_refuses_a_stranger()
    {
        const string body = """{"id":"E1","status":"paid","amount":"12.50","currency":"KES","account":"acme#7"}""";
        var format = new ExamplePayFormat();
        var source = new CallbackSource("example", "example-1", Mode.Live, default, new OpenCredentials([("webhook_secret", "s")]));
        var signed = Message(body, Hmac.Hex256("s", body));
        Assert.Null(format.Check(signed, source));
        Assert.Equal("signature-wrong", format.Check(signed with { Body = Encoding.UTF8.GetBytes(body + " ") }, source)?.Code);
        var payment = Assert.IsType<PaymentEntry>(Assert.Single(format.Read(signed, source)));
        Assert.Equal(("E1", 1_250L, "acme#7"), (payment.Notice.PspReference, payment.Notice.Amount.MinorUnits, payment.Notice.Text));
        Assert.Equal("ok", format.Answer(signed, new CallbackOutcome(CallbackVerdict.Accepted)).Body);
    }

    [Fact]
    public void Every_PSP_has_a_folder_and_a_specification()
    {
        var specs = Directory.GetFiles(RepositoryFolder.Find("tests", "MoMo.Tests", "Psps", "Specs"), "*Spec.cs").Select(File.ReadAllText).ToList();
        foreach (var format in CallbackFormats.All)
        {
            Assert.Contains(specs, spec => spec.Contains($"\"{format.Name}\"", StringComparison.Ordinal));
            var folder = format.GetType().Namespace!["MoMo.Edge.Psps.".Length..];
            Assert.True(Directory.Exists(RepositoryFolder.Find("src", "MoMo.Edge", "Psps", folder)), $"{format.Name} is not in a folder of its own.");
        }
    }

    private static CallbackMessage Message(string body, string signature) => new(
        "POST", "", new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["X-Example-Signature"] = signature }, Encoding.UTF8.GetBytes(body),
        DateTimeOffset.UnixEpoch);
}
