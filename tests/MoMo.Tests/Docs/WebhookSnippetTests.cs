using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using MoMo.Tests.Support;

namespace MoMo.Tests.Docs;

/// <summary>
/// What docs/WEBHOOKS.md gives receivers to copy believes what the hub sends and nothing else, and whatever a stranger sends is answered with false:
/// an exception would make a failure of the receiver's out of it.
/// </summary>
public sealed class WebhookSnippetTests
{
    [Fact]
    public async Task The_CSharp_is_what_the_document_says_and_verifies()
    {
        var source = await File.ReadAllTextAsync(Path.Combine(RepositoryFolder.Path, "tests/MoMo.Tests/Docs/WebhookVerification.cs"));
        Assert.Contains(Lines(Snippet("csharp").Replace("DateTimeOffset.UtcNow.", "Now.", StringComparison.Ordinal)), Lines(source), StringComparison.Ordinal);
        var cases = await SnippetCases.OfHmacAsync();
        Assert.Equal(cases.Select(one => one.Expected), cases.Select(one => one.Answered(Ask(one))));

        static string Ask(SnippetCase one)
        {
            try
            {
                return WebhookVerification.Verify(one.Key, one.Id, one.Timestamp, one.Signatures, one.Body!) ? "true" : "false";
            }
            catch (Exception e)
            {
                return e.ToString();
            }
        }
    }

    // Each request is read twice: as most servers of Python read headers, and as aiohttp does.
    [Fact]
    public async Task The_Python_verifies()
    {
        const string ask = """

            import json, sys

            def ask(case, read):
                headers = [text if text is None else read(text) for text in (case["Id"], case["Timestamp"], case["Signatures"])]
                try:
                    return json.dumps(verify(case["Key"], *headers, base64.b64decode(case["Body"])))
                except Exception as error:
                    return ascii(error)

            def escaped(text):
                return text.encode("latin-1").decode("utf-8", "surrogateescape")

            for case in json.load(sys.stdin):
                print(case["Name"] + ": " + " or ".join(sorted({ask(case, str), ask(case, escaped)})))
            """;
        var cases = await SnippetCases.OfHmacAsync();
        Assert.Equal(cases.Select(one => one.Expected), await RunAsync("python3", "-c", Snippet("python") + ask, cases));
    }

    [Fact]
    public async Task The_JavaScript_verifies()
    {
        const string ask = """

            for (const one of JSON.parse(require("node:fs").readFileSync(0))) {
              const check = one.Key.startsWith("whpk_") ? verifyEd25519 : verify;
              const header = (text) => text === null ? undefined : text;
              const body = one.Body === null ? {} : Buffer.from(one.Body, "base64");
              let answer;
              try {
                answer = check(one.Key, header(one.Id), header(one.Timestamp), header(one.Signatures), body);
              } catch (error) {
                answer = error;
              }
              console.log(`${one.Name}: ${answer}`);
            }
            """;
        var hmac = await SnippetCases.OfHmacAsync();
        var ed25519 = (await SnippetCases.OfEd25519Async()).Select(one => one with { Name = $"ed25519, {one.Name}" }).ToList();
        // Express has an empty object where it read no body: the stranger's was of another type, or there was none.
        SnippetCase[] cases = [.. hmac, hmac[0].But("no body") with { Body = null }, .. ed25519, ed25519[0].But("ed25519, no body") with { Body = null }];
        Assert.Equal(cases.Select(one => one.Expected), await RunAsync("node", "-e", Snippet("javascript") + ask, cases));
    }

    private static string Snippet(string language)
    {
        var text = File.ReadAllText(Path.Combine(RepositoryFolder.Path, "docs", "WEBHOOKS.md"));
        return Regex.Match(text, $"```{language}\n(.*?)```", RegexOptions.Singleline).Groups[1].Value;
    }

    private static string Lines(string text) =>
        string.Join('\n', text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0));

    private static async Task<string[]> RunAsync(string program, string option, string source, IEnumerable<SnippetCase> cases)
    {
        var start = new ProcessStartInfo(program, [option, source])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(JsonSerializer.Serialize(cases));
        process.StandardInput.Close();
        var said = await process.StandardOutput.ReadToEndAsync();
        var complained = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, complained);
        return said.TrimEnd('\n').Split('\n');
    }
}
