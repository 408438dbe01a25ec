using MoMo.Engine;
using Npgsql;

namespace MoMo.Silo.Api;

/// <summary>Tells what went wrong inside.</summary>
internal static class HubFault
{
    /// <summary>
    /// Whether a fault is the hub's own, for people to mend. Not the database's being away, nor the hub's being busy or ending: those meet all work alike,
    /// and end by themselves.
    /// </summary>
    public static bool IsOurs(Exception fault) => fault switch
    {
        PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction } => false, // a failover, or people who work at it
        PostgresException refused => !refused.IsTransient,
        OperationCanceledException or HubBusyException or NpgsqlException or TimeoutException => false,
        _ => true,
    };
}
