using MoMo.Client.Wire;

namespace MoMo.Tests.Client;

/// <summary>Answers of a hub.</summary>
internal static class Samples
{
    public const string Payment =
        """
        {"id":"p1","status":"accepted","psp":"mpesa","psp_reference":"QK1","account_id":"acme","sequence":7,"amount":"1250.50",
        "currency":"KES","received_at":"2026-01-31T12:00:00Z","decision":[{"rule":"account","verdict":"found"}]}
        """;

    public const string PaymentInSuspense =
        """
        {"id":"p2","status":"suspense","psp":"mpesa","psp_reference":"QK2","amount":"300.00","currency":"KES",
        "received_at":"2026-01-31T12:00:00Z"}
        """;

    public const string Differs =
        """{"status":409,"code":"payment-differs","detail":"QK1 was used with another amount.","errors":{"amount":["It was 1250.50."]}}""";

    public static NewPayment NewPayment(int number = 1) =>
        new() { Psp = "mpesa", PspReference = $"QK{number}", Amount = "1250.50", Currency = "KES", AccountId = "acme" };
}
