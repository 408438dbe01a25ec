using MoMo.Engine;
using MoMo.Silo.Identity;
using MoMo.Storage.Management;
using Npgsql;

namespace MoMo.Silo.Api;

/// <summary>Refuses lists that are narrowed by what is not there: 422, naming the field.</summary>
internal sealed class KnownNames(NpgsqlDataSource database)
{
    /// <summary>Null when all that narrows the list is there, as far as the caller may know.</summary>
    public Task<Refusal?> CheckAsync(HttpContext http, FilterNames names, CancellationToken cancellation) =>
        (names with { PaymentsOf = http.User.AccountScope }).CheckAsync(database, cancellation);
}
