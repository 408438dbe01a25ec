namespace MoMo.Cli.Simulation.Families;

/// <summary>Pesapal's IPN: a GET that only says that an order changed, unsigned: news of a payment and not one. Who is not Pesapal guesses the path.</summary>
internal sealed class PesapalFamily : PspFamily
{
    public override string Name => "pesapal";

    public override string Format => "pesapal";

    public override bool Pays => false;

    public override HttpRequestMessage Tell(SimulatedPayment payment, SimulatedLine line) => new(
        HttpMethod.Get,
        $"{line.Path}?OrderTrackingId={payment.PspReference}&OrderMerchantReference={Uri.EscapeDataString(payment.Named)}&OrderNotificationType=IPNCHANGE");

    public override string Judge(int status, string body) => status == 200 && AnswerText.Json(body, "status") != "200" ? "refused" : base.Judge(status, body);
}
