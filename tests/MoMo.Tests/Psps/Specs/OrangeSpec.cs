using MoMo.Tests.Specs;
using MoMo.Tests.Support;

namespace MoMo.Tests.Psps.Specs;

public sealed class OrangeSpec(HubFixture fixture) : CallbackSpec(fixture)
{
    protected override string Format => "orange-money";

    protected override string Credential => "notif_token";

    protected override bool CredentialIsOptional => true;

    protected override bool SignsBody => false;

    protected override string Notice => "info";

    protected override string Message(string id, string amount) => $"\"status\":\"SUCCESS\",\"txnid\":\"MP260314.{id}\"}}";

    protected override (Dictionary<string, string> Headers, string Body) Sign(string body, string secret, DateTimeOffset at) =>
        ([], $$$"""{"notif_token":"{{{secret}}}",{{{body}}}""");

    protected override string Bare(string body) => $"{{{body}";
}
