using Microsoft.AspNetCore.Http;
using MoMo.Silo.Demo;

namespace MoMo.Tests.Demo;

public sealed class SignatureCheckTests
{
    private const string Good = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    // The example of the specification's reference libraries.
    private static readonly byte[] Secret = Convert.FromBase64String("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    private static readonly byte[] Body = """{"test": 2432232314}"""u8.ToArray();

    [Theory]
    [InlineData(Good, 0, null)]
    [InlineData("v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= " + Good, 299, null)]
    [InlineData(Good, 301, "too old")]
    [InlineData(Good, -301, "too old")]
    [InlineData("v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", 0, "wrong signature")]
    [InlineData("v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", 0, "wrong signature")]
    [InlineData("v1,???", 0, "wrong signature")]
    [InlineData("", 0, "not signed")]
    public void A_receiver_believes_what_is_signed_and_fresh(string signatures, int late, string? fault)
    {
        var headers = new HeaderDictionary
        {
            ["webhook-id"] = "msg_p5jXN8AQM9LWM0D4loKWxJek", ["webhook-timestamp"] = "1614265330", ["webhook-signature"] = signatures,
        };
        Assert.Equal(fault, SignatureCheck.Fault(headers, Body, [new byte[32], Secret], DateTimeOffset.FromUnixTimeSeconds(1_614_265_330 + late)));
    }
}
