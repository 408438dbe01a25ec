using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace MoMo.Tests.Questions;

/// <summary>A PSP that gives no token says when to come again, and is heard.</summary>
public sealed class TokenTests(AskingFixture fixture) : IClassFixture<AskingFixture>
{
    [Theory]
    [InlineData("1200", 20)]
    [InlineData("date", 20)]
    [InlineData("999999", 60)]
    public async Task Who_refuses_a_token_says_how_long_to_wait_for_an_hour_at_most(string wanted, int minutes)
    {
        var (adapter, path) = await fixture.AddMtnAsync();
        var (reference, id) = (AskingFixture.Fresh(), AskingFixture.Fresh());
        fixture.Psp.InsteadOfToken = () => new Away(
            wanted == "date" ? TimeProvider.System.GetUtcNow().AddMinutes(minutes).ToString("R", CultureInfo.InvariantCulture) : wanted);
        await fixture.RingAsync(path, reference, AskingFixture.Mtn(id));
        var question = await fixture.AskedAsync(adapter, reference, 1);
        Assert.Contains("No token could be had", question.GetProperty("detail").GetString()!, StringComparison.Ordinal);
        var wait = question.GetProperty("due_at").GetDateTimeOffset() - question.GetProperty("asked_at").GetDateTimeOffset();
        // A date has no fractions of a second, and the hub's own wait is a part of a minute.
        Assert.InRange(wait.TotalMinutes, minutes - 1, minutes + 1);

        fixture.Psp.InsteadOfToken = null;
        fixture.Psp.Says(reference, AskingFixture.Mtn(id));
        await fixture.HurryAsync(adapter, reference);
        await fixture.UntilAsync(adapter, reference, "found");
    }

    private sealed class Away(string until) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            httpContext.Response.Headers.RetryAfter = until;
            return Task.CompletedTask;
        }
    }
}
