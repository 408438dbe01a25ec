using System.ComponentModel.DataAnnotations;
using MoMo.Edge.Webhooks;

namespace MoMo.Tests.Edge.Webhooks;

public sealed class WebhookOptionsTests
{
    [Fact]
    public void The_defaults_are_valid_and_closed()
    {
        var options = new WebhookOptions();
        Assert.Empty(Faults(options));
        Assert.Empty(options.AllowedNetworks);
        Assert.Equal(TimeSpan.FromSeconds(15), options.Timeout);
    }

    [Theory]
    [InlineData("10.0.0.0")]
    [InlineData("10.0.0.0/33")]
    [InlineData("everything")]
    public void What_is_not_a_network_is_told_before_the_start(string network) => Assert.Single(Faults(Sending.Options(network)));

    [Fact]
    public void Limits_are_held() => Assert.Equal(2, Faults(new() { Timeout = TimeSpan.Zero, ConnectionsPerHostMax = 0 }).Count);

    private static List<ValidationResult> Faults(WebhookOptions options)
    {
        var faults = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), faults, validateAllProperties: true);
        return faults;
    }
}
