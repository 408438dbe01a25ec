using System.Diagnostics;
using System.Text.RegularExpressions;
using MoMo.Domain.Deliveries;
using MoMo.Edge.Webhooks;
using MoMo.Tests.Edge.Webhooks;
using MoMo.Tests.Support;

namespace MoMo.Tests.Docs;

/// <summary>What docs/WEBHOOKS.md gives receivers to copy verifies what the hub sends, and nothing else.</summary>
public sealed class WebhookSnippetTests
{
    private static readonly WebhookSecret Secret = WebhookSecret.Make();
    private static readonly Ed25519Secret Pair = Ed25519Secret.Make();

    [Fact]
    public async Task The_CSharp_is_what_the_document_says_and_verifies()
    {
        var source = await File.ReadAllTextAsync(Path.Combine(RepositoryFolder.Path, "tests/MoMo.Tests/Docs/WebhookVerification.cs"));
        Assert.Contains(Lines(Snippet("csharp").Replace("DateTimeOffset.UtcNow.", "Now.", StringComparison.Ordinal)), Lines(source), StringComparison.Ordinal);
        var request = await SendAsync(ed25519: false);
        var (id, time, signature) = (request.Header("webhook-id"), request.Header("webhook-timestamp"), request.Header("webhook-signature"));
        Assert.True(WebhookVerification.Verify(Secret.Show(), id, time, signature, request.Body));
        Assert.False(WebhookVerification.Verify(Secret.Show(), id, time, signature, [.. request.Body, (byte)' ']));
        Assert.False(WebhookVerification.Verify(WebhookSecret.Make().Show(), id, time, signature, request.Body));
    }

    [Fact]
    public async Task The_Python_verifies()
    {
        const string ask = """

            import sys
            body = sys.stdin.buffer.read()
            secret, webhook_id, timestamp, signatures = sys.argv[1:5]
            print(verify(secret, webhook_id, timestamp, signatures, body), verify(secret, webhook_id, timestamp, signatures, body + b" "),
                  verify(secret, webhook_id, "1", signatures, body))
            """;
        Assert.Equal("True False False", await RunAsync("python3", ["-c", Snippet("python") + ask], await SendAsync(ed25519: false), Secret.Show()));
    }

    [Theory]
    [InlineData("verify", false)]
    [InlineData("verifyEd25519", true)]
    public async Task The_JavaScript_verifies(string function, bool ed25519)
    {
        var ask = $$"""

            const body = require("node:fs").readFileSync(0);
            const [key, id, timestamp, signatures] = process.argv.slice(1);
            console.log({{function}}(key, id, timestamp, signatures, body), {{function}}(key, id, timestamp, signatures, Buffer.concat([body, body])),
              {{function}}(key, id, "1", signatures, body));
            """;
        var key = ed25519 ? Ed25519Secret.PublicPrefix + Convert.ToBase64String(Ed25519.PublicKey(Pair.Seed.ToArray())) : Secret.Show();
        Assert.Equal("true false false", await RunAsync("node", ["-e", Snippet("javascript") + ask, "--"], await SendAsync(ed25519), key));
    }

    private static string Snippet(string language)
    {
        var text = File.ReadAllText(Path.Combine(RepositoryFolder.Path, "docs", "WEBHOOKS.md"));
        return Regex.Match(text, $"```{language}\n(.*?)```", RegexOptions.Singleline).Groups[1].Value;
    }

    private static string Lines(string text) =>
        string.Join('\n', text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0));

    private static async Task<ReceivedRequest> SendAsync(bool ed25519)
    {
        await using var receiver = await Receiver.StartAsync(200);
        using var webhook = new WebhookKind(Sending.Loopback(), TimeProvider.System);
        var message = Sending.Message(receiver.Url) with
        {
            Secrets = ed25519 ? [] : [WebhookSecret.Make().Key.ToArray(), Secret.Key.ToArray()], Seeds = ed25519 ? [Pair.Seed.ToArray()] : [],
        };
        Assert.Equal(AttemptVerdict.Delivered, (await webhook.SendAsync(message, CancellationToken.None)).Verdict);
        return Assert.Single(receiver.Requests);
    }

    private static async Task<string> RunAsync(string program, string[] arguments, ReceivedRequest request, string key)
    {
        var start = new ProcessStartInfo(
            program, [.. arguments, key, request.Header("webhook-id"), request.Header("webhook-timestamp"), request.Header("webhook-signature")])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        await process.StandardInput.BaseStream.WriteAsync(request.Body);
        process.StandardInput.Close();
        var said = await process.StandardOutput.ReadToEndAsync();
        var complained = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, complained);
        return said.Trim();
    }
}
