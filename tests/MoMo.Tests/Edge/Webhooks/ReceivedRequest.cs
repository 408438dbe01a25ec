using Microsoft.AspNetCore.Http;

namespace MoMo.Tests.Edge.Webhooks;

/// <summary>What a <see cref="Receiver"/> got.</summary>
internal sealed record ReceivedRequest(string Method, string Target, string Protocol, string Connection, IHeaderDictionary Headers, byte[] Body)
{
    public string Header(string name) => Headers[name].ToString();
}
