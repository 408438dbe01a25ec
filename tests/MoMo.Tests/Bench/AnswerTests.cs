using System.Runtime.Versioning;
using System.Text;
using MoMo.Bench.Load;

namespace MoMo.Tests.Bench;

[SupportedOSPlatform("linux")]
public sealed class AnswerTests
{
    [Theory]
    [InlineData("HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}", 201)]
    [InlineData("HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{", 0)]
    [InlineData("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nRetry-After: 1\r\n\r\n", 503)]
    [InlineData("HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", 201)]
    [InlineData("HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n", 0)]
    [InlineData("HTTP/1.1 201 Cre", 0)]
    public void A_status_is_told_once_the_response_is_complete(string response, int status) =>
        Assert.Equal(status, Answer.StatusOf(Encoding.ASCII.GetBytes(response)));

    [Fact]
    public void Lines_are_read_across_chunks()
    {
        using var body = new ChunkedReader(new MemoryStream(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n{\"st\r\nB\r\natus\":201}\n\r\n3\r\n{}\n\r\n0\r\n\r\n"u8.ToArray()));
        Assert.Equal(200, body.Status);
        Assert.Equal("""{"status":201}""", body.ReadLine());
        Assert.Equal("{}", body.ReadLine());
        Assert.False(body.NextLine(out _));
    }

    [Fact]
    public void A_refusal_that_is_not_chunked_is_read_to_its_end()
    {
        using var body = new ChunkedReader(new MemoryStream("HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno"u8.ToArray()));
        Assert.Equal(401, body.Status);
        Assert.Equal("no", body.ReadLine());
    }
}
