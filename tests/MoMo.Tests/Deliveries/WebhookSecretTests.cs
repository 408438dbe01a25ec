using MoMo.Domain.Deliveries;

namespace MoMo.Tests.Deliveries;

public sealed class WebhookSecretTests
{
    [Fact]
    public void A_made_secret_reads_back_as_itself()
    {
        var made = WebhookSecret.Make();
        var read = WebhookSecret.Parse(made.Show()).Accepted;

        Assert.NotNull(read);
        Assert.Equal(32, made.Key.Length);
        Assert.Equal(made.Key.ToArray(), read.Key.ToArray());
        Assert.NotEqual(made.Show(), WebhookSecret.Make().Show());
    }

    [Fact]
    public void A_secret_in_a_log_is_masked()
    {
        var secret = WebhookSecret.Make();
        Assert.Equal("whsec_***", secret.ToString());
        Assert.Equal("whsec_***", $"{secret}");
    }

    [Theory]
    [InlineData(24)]
    [InlineData(33)]
    [InlineData(64)]
    public void Keys_of_24_to_64_bytes_are_taken(int length) =>
        Assert.Equal(length, WebhookSecret.Parse("whsec_" + Convert.ToBase64String(new byte[length])).Accepted?.Key.Length);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("whsec_")]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("WHSEC_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS")]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa-_")]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2La")]
    public void Anything_else_is_refused_without_repeating_it(string? text)
    {
        var refusal = WebhookSecret.Parse(text).Refused;
        Assert.Equal("secret-malformed", refusal?.Code);
        Assert.DoesNotContain("MfKQ", refusal?.Detail, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_key_of_65_bytes_is_too_long() =>
        Assert.Equal("secret-malformed", WebhookSecret.Parse("whsec_" + Convert.ToBase64String(new byte[65])).Refused?.Code);
}
