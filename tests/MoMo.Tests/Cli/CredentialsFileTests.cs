using MoMo.Cli;
using MoMo.Tests.Client;

namespace MoMo.Tests.Cli;

public sealed class CredentialsFileTests
{
    private const string Adapter =
        """{"id":"a","name":"a","psp":"p","mode":"test","format":"paystack","state":"new","created_at":"2026-01-31T12:00:00Z","version":1}""";

    [Fact]
    public async Task Credentials_come_from_a_file()
    {
        using var file = new TemporaryFile("paystack.json", """{"secret_key":"sk_test_1"}""");
        var body = "";
        await using var hub = await FakeHub.StartAsync(async context =>
        {
            body = await new StreamReader(context.Request.Body).ReadToEndAsync();
            await FakeHub.AnswerAsync(context, 201, Adapter);
        });

        var run = await CliRun.Of(hub, $"adapters|add|a|--psp|p|--mode|test|--format|paystack|--credentials|@{file.Path}");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(
            """{"id":"a","name":"a","psp":"p","mode":"test","format":"paystack","credentials":{"secret_key":"sk_test_1"},"archived":false}""", body);
    }

    [Fact]
    public async Task What_is_replaced_stays_valid_for_as_long_as_is_said()
    {
        using var file = new TemporaryFile("paystack.json", """{"secret_key":"sk_test_2"}""");
        var body = "";
        await using var hub = await FakeHub.StartAsync(async context =>
        {
            if (context.Request.Method == "PUT") body = await new StreamReader(context.Request.Body).ReadToEndAsync();
            await FakeHub.AnswerAsync(context, 200, Adapter);
        });

        var run = await CliRun.Of(hub, $"adapters|set|a|--credentials|@{file.Path}|--credential-overlap|0");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("""
            "credentials":{"secret_key":"sk_test_2"},"credential_overlap_seconds":0
            """, body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_stands_twice_is_refused()
    {
        using var file = new TemporaryFile("paystack.json", """{"secret_key":"sk_test_1","secret_key":"sk_test_2"}""");
        await using var hub = await FakeHub.StartAsync(201, Adapter);

        var run = await CliRun.Of(hub, $"adapters|add|a|--psp|p|--credentials|@{file.Path}");

        Assert.Equal(ExitCode.Misused, run.ExitCode);
        Assert.StartsWith("momo: --credentials names secret_key twice\n", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("sk_test", run.Error, StringComparison.Ordinal);
        Assert.Empty(hub.Requests);
    }

    [Theory]
    [InlineData("""{"secret_key":"sk_test_1"}""", "--credentials takes @FILE only")]
    [InlineData("@/no/such", "--credentials: /no/such is missing")]
    public async Task Credentials_on_the_command_line_are_refused_and_not_repeated(string given, string what)
    {
        await using var hub = await FakeHub.StartAsync(201, Adapter);

        var run = await CliRun.Of(hub, $"adapters|add|a|--psp|p|--credentials|{given}");

        Assert.Equal(ExitCode.Misused, run.ExitCode);
        Assert.StartsWith($"momo: {what}", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("sk_test_1", run.Error, StringComparison.Ordinal);
        Assert.Empty(hub.Requests);
    }
}
