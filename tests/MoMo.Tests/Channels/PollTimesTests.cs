using System.Globalization;
using System.Text.Json;
using MoMo.Edge.Channels.Poll;

namespace MoMo.Tests.Channels;

/// <summary>How the stretches that an API is asked about are written.</summary>
public sealed class PollTimesTests
{
    [Theory]
    [InlineData("2026-10-25T00:50:00Z", "2026-10-25T01:10:00Z", "2026-10-25 00:50:00 2026-10-25 02:10:00")] // put back: the hour from 1 to 2 is there twice
    [InlineData("2026-03-29T00:50:00Z", "2026-03-29T01:10:00Z", "2026-03-29 00:50:00 2026-03-29 02:10:00")] // put forward
    [InlineData("2026-07-01T00:50:00Z", "2026-07-01T01:10:00Z", "2026-07-01 01:50:00 2026-07-01 02:10:00")]
    [InlineData("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "0001-01-01 00:00:00 0001-01-01 00:00:00")]
    public void A_stretch_in_which_clocks_are_changed_is_asked_about_as_a_whole(string from, string to, string expected)
    {
        var settings = PollSettings.Parse(JsonElement.Parse(
            """{"url":"https://x.example/","body":{"t":"{from} {to}"},"time_form":"local","time_zone":"Europe/London"}""")).Accepted!;
        var question = settings.Fill(Time(from), Time(to), null);
        Assert.Equal(expected, JsonElement.Parse(question.Body!).GetProperty("t").GetString());
    }

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
