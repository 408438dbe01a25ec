using System.Net.Http.Headers;
using System.Net.Http.Json;
using MoMo.Client.Wire;

namespace MoMo.Cli.Simulation;

/// <summary>Any PSP or adapter that speaks the standard form: <c>POST /v1/payments</c>. Who does not know the secret makes up a key.</summary>
internal sealed class JsonFamily : PspFamily
{
    public override string Name => "json";

    public override string Format => "json";

    public override bool Calls => false;

    public override HttpRequestMessage Tell(SimulatedPayment payment, AdapterView adapter, string? key, bool wrongly) => new(HttpMethod.Post, "v1/payments")
    {
        Headers = { Authorization = (wrongly ? "momo_guessed" : key) is { } used ? new AuthenticationHeaderValue("Bearer", used) : null },
        Content = JsonContent.Create(
            new NewPayment
            {
                Psp = adapter.Psp,
                PspReference = payment.PspReference,
                AccountId = payment.Account,
                ReferenceId = payment.Reference,
                Amount = payment.Amount,
                Currency = "KES",
                PaidAt = payment.PaidAt.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture),
            },
            MoMoJson.Default.NewPayment),
    };

    public override string Judge(int status, string body) => status switch
    {
        201 => "taken",
        200 => "taken before",
        401 or 403 => "not admitted",
        _ => "refused",
    };
}
