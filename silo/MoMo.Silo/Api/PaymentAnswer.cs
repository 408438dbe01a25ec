using MoMo.Client.Wire;
using MoMo.Domain.Payments;
using MoMo.Engine;

namespace MoMo.Silo.Api;

/// <summary>The answer to whoever brought or assigned a payment: 201 when it is new, 200 when it is a repeat, else the refusal.</summary>
internal static class PaymentAnswer
{
    public static IResult Of(Outcome<TakenPayment> outcome) => outcome.Match(
        taken => Results.Json(
            Views.Of(taken.Payment, taken.Replayed),
            MoMoJson.Default.PaymentView,
            statusCode: taken.Replayed ? StatusCodes.Status200OK : StatusCodes.Status201Created),
        refusal => Problems.Of(refusal));
}
