using MoMo.Engine;
using Npgsql;

namespace MoMo.Storage.Management;

/// <summary>What a broken constraint means to the caller. The database decides who was first; this only finds the words.</summary>
internal static class Violations
{
    public static Refusal? Find(PostgresException fault) => fault.SqlState switch
    {
        PostgresErrorCodes.UniqueViolation => Taken(fault.ConstraintName),
        PostgresErrorCodes.ForeignKeyViolation when fault.MessageText.StartsWith("update or delete", StringComparison.Ordinal) =>
            new Refusal("in-use", $"Something came to depend on it: {fault.ConstraintName}. Archive it instead."),
        _ => null,
    };

    private static Refusal? Taken(string? constraint) => constraint switch
    {
        "psps_pkey" or "adapters_pkey" or "accounts_pkey" or "account_references_pkey" or "destinations_account_id_id_key" =>
            Refusal.Of("id", "id-taken", "This id exists already; choose another, or change the existing one with PUT."),
        "psps_name" or "adapters_name" or "accounts_name" or "api_keys_name_key" =>
            Refusal.Of("name", "name-taken", "This name is used already; names are unique."),
        "accounts_lookup_url_key" => Refusal.Of("lookup_url", "url-taken", "This URL is another account's."),
        "destinations_url_key" => Refusal.Of("url", "url-taken", "This URL is a destination already; an URL belongs to one destination only."),
        _ => null,
    };
}
