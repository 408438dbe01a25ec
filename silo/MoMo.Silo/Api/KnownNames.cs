using MoMo.Engine;
using MoMo.Silo.Identity;
using MoMo.Storage.Management;
using Npgsql;

namespace MoMo.Silo.Api;

/// <summary>
/// Refuses lists that are narrowed by what is not there: 422, naming the field. Of a payment that is another's or not there, accounts are told 404.
/// </summary>
internal sealed class KnownNames(NpgsqlDataSource database)
{
    /// <summary>Null when all that narrows the list is there, as far as the caller may know: which PSPs there are is no account's business.</summary>
    public async Task<Refusal?> CheckAsync(HttpContext http, FilterNames names, CancellationToken cancellation)
    {
        var own = http.User.AccountScope;
        var refused = await (names with { PaymentsOf = own, Psp = own is null ? names.Psp : null }).CheckAsync(database, cancellation);
        if (own is null || refused?.Faults.FirstOrDefault(fault => fault.Field == "payment_id") is not { } payment) return refused;
        AccessAnswers.TellForeign(http, "payment", names.Payment?.ToString() ?? "");
        return new Refusal(payment.Code, payment.Detail);
    }
}
