using MoMo.Tests.Support;

namespace MoMo.Tests.Api;

/// <summary>Times in queries and bodies are RFC 3339, or refused by the field's name: a guess would mean other things than were asked for.</summary>
public sealed class ListTimeTests(SiloFixture fixture) : IClassFixture<SiloFixture>
{
    [Theory]
    [InlineData("2026-03-01T00:00:00Z")]
    [InlineData("2026-03-01t00:00:00z")]
    [InlineData("2026-03-01T00:00:00.123456789Z")]
    [InlineData("2026-03-01T03:00:00%2B03:00")]
    [InlineData("2026-02-28T14:30:00-09:30")]
    public async Task A_time_of_RFC_3339_is_taken(string time)
    {
        foreach (var list in (string[])["payments", "deliveries"])
        {
            foreach (var field in (string[])["from", "to"])
            {
                var answer = await fixture.Silo.Hub.GetAsync($"/v1/{list}?{field}={time}");
                Assert.True(answer.Status == 200, answer.ToString());
            }
        }
    }

    [Theory]
    [InlineData("2026-03-01")]
    [InlineData("2026-03-01T00:00:00")]
    [InlineData("2026-03-01T00:00Z")]
    [InlineData("2026-03-01 00:00:00Z")]
    [InlineData("2026-03-01T00:00:00 03:00")] // a + that was not escaped
    [InlineData("2026-03-01T00:00:00%2B0300")]
    [InlineData("2026-02-30T00:00:00Z")]
    [InlineData("2026-03-01T24:00:00Z")]
    [InlineData("03/01/2026 00:00:00")]
    [InlineData("1 March 2026")]
    [InlineData("12:00")]
    [InlineData("1772323200")]
    [InlineData(" 2026-03-01T00:00:00Z")]
    [InlineData("2026-03-01T00:00:00Z%0A")]
    [InlineData("")]
    public async Task Anything_else_is_refused_by_name(string time)
    {
        foreach (var list in (string[])["payments", "deliveries"])
        {
            foreach (var field in (string[])["from", "to"])
            {
                var answer = await fixture.Silo.Hub.GetAsync($"/v1/{list}?{field}={time}");
                Assert.Equal((400, "query-malformed"), (answer.Status, answer.Text("code")));
                Assert.Equal([field], answer.Fields);
            }
        }
    }

    [Theory]
    [InlineData("payments")]
    [InlineData("deliveries")]
    public async Task A_stretch_of_time_that_ends_before_it_begins_is_refused_by_name(string list)
    {
        var hub = fixture.Silo.Hub;
        var refused = await hub.GetAsync($"/v1/{list}?from=2026-03-01T00:00:00.001Z&to=2026-03-01T00:00:00Z");
        Assert.Equal((422, "range", "from"), (refused.Status, refused.Text("code"), string.Join(' ', refused.Fields)));
        Assert.Equal(200, (await hub.GetAsync($"/v1/{list}?from=2026-03-01T00:00:00Z&to=2026-03-01T03:00:00%2B03:00")).Status);
        Assert.Equal(400, (await hub.GetAsync($"/v1/{list}?from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z&limit=0")).Status);
    }

    [Theory]
    [InlineData("2026-03-02T00:00:00Z", "2026-03-01T00:00:00Z", false)]
    [InlineData("2026-03-01T00:00:00Z", "2026-03-01T03:00:00+03:00", true)]
    [InlineData("2999-01-01T00:00:00Z", null, false)] // until now, when nothing else is said
    public async Task A_replay_is_of_a_stretch_of_time_that_begins_before_it_ends(string since, string? until, bool isTaken)
    {
        foreach (var dry_run in (bool[])[true, false])
        {
            var answer = await fixture.Silo.Hub.PostAsync("/v1/deliveries/replay", new { since, until, dry_run });
            if (isTaken) Assert.Equal(dry_run ? 200 : 202, answer.Status);
            else Assert.Equal((422, "range", "since"), (answer.Status, answer.Text("code"), string.Join(' ', answer.Fields)));
        }
    }

    [Theory]
    [InlineData("2026-03-01T00:00:00.5+03:00", true)]
    [InlineData("2026-03-01", false)]
    [InlineData("2026-03-01T00:00:00", false)]
    [InlineData("1 March 2026", false)]
    public async Task Times_in_bodies_are_read_the_same_way(string time, bool isTaken)
    {
        foreach (var field in (string[])["since", "until"])
        {
            var answer = await fixture.Silo.Hub.PostAsync("/v1/deliveries/replay", $$"""{"dry_run":true,"{{field}}":"{{time}}"}""");
            if (isTaken) Assert.Equal(200, answer.Status);
            else Assert.Equal((422, "time-malformed", field), (answer.Status, answer.Text("code"), Assert.Single(answer.Fields)));
        }
    }
}
