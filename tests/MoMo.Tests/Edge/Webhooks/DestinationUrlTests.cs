using MoMo.Edge.Webhooks;

namespace MoMo.Tests.Edge.Webhooks;

public sealed class DestinationUrlTests
{
    [Theory]
    [InlineData("http://example.com")]
    [InlineData("https://example.com/hooks/momo?token=a@b&x=%20")]
    [InlineData("HTTPS://EXAMPLE.com:8443/")]
    [InlineData("http://example.com:1/")]
    [InlineData("http://example.com:65535/")]
    [InlineData("http://127.0.0.1/")]
    [InlineData("http://[2606:4700::1111]:8080/a@b")]
    [InlineData("http://money_in.example/")]
    [InlineData("https://électricité.example/")]
    public void Absolute_http_and_https_URLs_are_taken(string url) => Assert.NotNull(DestinationUrl.Check(url).Accepted);

    [Theory]
    [InlineData(null, "url-malformed")]
    [InlineData("", "url-malformed")]
    [InlineData("example.com/hook", "url-malformed")]
    [InlineData(" http://example.com/", "url-malformed")]
    [InlineData("http://example.com/\n", "url-malformed")]
    [InlineData("http://example.com/a b", "url-malformed")]
    [InlineData("http://example.com/\u0000", "url-malformed")]
    [InlineData("http://example.com/\u00a0", "url-malformed")]
    [InlineData("http://example.com\\@127.0.0.1/", "url-malformed")]
    [InlineData("http:\\\\example.com/", "url-malformed")]
    [InlineData("http:/example.com/", "url-malformed")]
    [InlineData("http:///hook", "url-malformed")]
    [InlineData("http://", "url-malformed")]
    [InlineData("http://%31%32%37.0.0.1/", "url-malformed")]
    [InlineData("http://::1/", "url-malformed")]
    [InlineData("http://example.com:65536/", "url-malformed")]
    [InlineData("http://example.com:80:80/", "url-malformed")]
    [InlineData("/etc/passwd", "url-scheme")]
    [InlineData("file:///etc/passwd", "url-scheme")]
    [InlineData("ftp://example.com/", "url-scheme")]
    [InlineData("gopher://example.com/", "url-scheme")]
    [InlineData("ws://example.com/", "url-scheme")]
    [InlineData("mailto:till@example.com", "url-scheme")]
    [InlineData("javascript:alert(1)", "url-scheme")]
    [InlineData("http://user:password@example.com/", "url-userinfo")]
    [InlineData("http://example.com@127.0.0.1/", "url-userinfo")]
    [InlineData("http://@example.com/", "url-userinfo")]
    [InlineData("http://:@example.com?x", "url-userinfo")]
    [InlineData("http://example.com/#", "url-fragment")]
    [InlineData("http://example.com/?a#b", "url-fragment")]
    [InlineData("http://-example-/", "url-host")]
    [InlineData("http://[fe80::1%25eth0]/", "url-host")]
    [InlineData("http://[::1%1]/", "url-host")]
    [InlineData("http://example.com:0/", "url-port")]
    public void Everything_else_is_refused_by_name(string? url, string code)
    {
        var refusal = DestinationUrl.Check(url).Refused;
        Assert.Equal(code, refusal?.Code);
        Assert.Equal("url", refusal?.Faults.Single().Field);
    }

    [Theory]
    [InlineData(2_000, null)]
    [InlineData(2_001, "url-too-long")]
    public void A_URL_has_a_limit(int length, string? code) =>
        Assert.Equal(code, DestinationUrl.Check("http://example.com/".PadRight(length, 'x')).Refused?.Code);

    [Fact]
    public void Where_HTTPS_is_required_plain_HTTP_is_refused()
    {
        Assert.Equal("url-not-https", DestinationUrl.Check("http://example.com/", requireHttps: true).Refused?.Code);
        Assert.NotNull(DestinationUrl.Check("https://example.com/", requireHttps: true).Accepted);
    }
}
