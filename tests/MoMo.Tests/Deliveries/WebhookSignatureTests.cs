using System.Text;
using MoMo.Domain.Deliveries;

namespace MoMo.Tests.Deliveries;

public sealed class WebhookSignatureTests
{
    private static readonly byte[] Key = Convert.FromBase64String("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

    [Fact]
    public void The_published_vector_of_Standard_Webhooks_comes_out()
    {
        var key = WebhookSecret.Parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").Accepted!.Key.ToArray();
        var signature = WebhookSignature.Sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, """{"test": 2432232314}"""u8, [key]);
        Assert.Equal("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", signature);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(900)]
    [InlineData(966)] // The last that is joined on the stack, and the first that is not.
    [InlineData(967)]
    [InlineData(1_030)]
    [InlineData(19_999)]
    public void Bodies_of_any_length_are_signed_as_any_other_implementation_would(int length)
    {
        var id = Guid.Parse("0198C0DE-0000-7000-8000-00000000ABCD");
        var body = new byte[length];
        new Random(length).NextBytes(body);
        Assert.Equal(
            Verifier.Expected(Key, "0198c0de-0000-7000-8000-00000000abcd", "1700000000", body),
            WebhookSignature.Sign(id, 1_700_000_000, body, [Key]));
    }

    [Fact]
    public void Each_live_secret_signs_in_its_turn()
    {
        byte[][] keys = [Key, [.. Enumerable.Repeat((byte)7, 64)], new byte[24], new byte[32]];
        var signatures = WebhookSignature.Sign("id", 1, "{}"u8, keys).Split(' ');
        Assert.Equal(keys.Select(key => Verifier.Expected(key, "id", "1", "{}"u8.ToArray())), signatures);
    }

    [Fact]
    public void Extreme_timestamps_fit() =>
        Assert.Equal(
            Verifier.Expected(Key, "id", "-9223372036854775808", []),
            WebhookSignature.Sign("id", long.MinValue, [], [Key]));

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public void No_secret_or_too_many_is_a_bug(int count) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => WebhookSignature.Sign(Guid.Empty, 1, [], [.. Enumerable.Repeat(Key, count)]));

    [Fact]
    public void An_endless_id_is_a_bug() =>
        Assert.Throws<ArgumentException>(() => WebhookSignature.Sign(new string('x', 257), 1, Encoding.UTF8.GetBytes("{}"), [Key]));
}
