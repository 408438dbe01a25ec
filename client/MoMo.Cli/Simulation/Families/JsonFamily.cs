using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using MoMo.Client.Wire;

namespace MoMo.Cli.Simulation.Families;

/// <summary>Any PSP or adapter that speaks the standard form: <c>POST /v1/payments</c>. Who is not it makes up a key.</summary>
internal sealed class JsonFamily : PspFamily
{
    public override string Name => "json";

    public override string Format => "json";

    public override bool Calls => false;

    public override bool TellsRepeats => true;

    public override bool TellsDifferences => true;

    public override HttpRequestMessage Tell(SimulatedPayment payment, SimulatedLine line) => new(HttpMethod.Post, "v1/payments")
    {
        Headers = { Authorization = line.Key is { } key ? new AuthenticationHeaderValue("Bearer", key) : null },
        Content = JsonContent.Create(
            new NewPayment
            {
                Psp = line.Psp,
                PspReference = payment.PspReference,
                AccountId = payment.Account,
                ReferenceId = payment.Reference,
                Amount = payment.Amount,
                Currency = payment.Currency,
                PaidAt = payment.PaidAt.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            },
            MoMoJson.Default.NewPayment),
    };

    public override string Judge(int status, string body) => status switch
    {
        201 => "taken",
        200 => "taken before",
        409 => "differs",
        _ => base.Judge(status, body),
    };
}
