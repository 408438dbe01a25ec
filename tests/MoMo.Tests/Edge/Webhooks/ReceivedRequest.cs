using Microsoft.AspNetCore.Http;
using MoMo.Tests.Deliveries;

namespace MoMo.Tests.Edge.Webhooks;

/// <summary>What a <see cref="Receiver"/> got.</summary>
internal sealed record ReceivedRequest(
    string Method, string Target, string Protocol, string Connection, IHeaderDictionary Headers, byte[] Body)
{
    public string Header(string name) => Headers[name].ToString();

    public bool IsSignedWith(byte[] key) =>
        Verifier.Accepts(key, Header("webhook-id"), Header("webhook-timestamp"), Header("webhook-signature"), Body);
}
