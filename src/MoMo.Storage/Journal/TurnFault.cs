using System.Net.Sockets;
using MoMo.Engine;
using Npgsql;

namespace MoMo.Storage.Journal;

/// <summary>What a fault in a turn on PostgreSQL means for the turn.</summary>
internal static class TurnFault
{
    /// <summary>The database ended a transaction that nobody went on with: idle_in_transaction_session_timeout.</summary>
    private const string IdleTooLong = "25P03";

    /// <summary>Tells what a fault means.</summary>
    /// <param name="fault">What was thrown.</param>
    /// <param name="mayRepeat">Whether the turn may run again although nobody knows what became of it: nothing was to be committed yet, or twice is once.</param>
    /// <param name="isCut">Whether the driver knows the turn's connection to be cut.</param>
    /// <returns>
    /// <see cref="TurnLostException"/>: run it again. <see cref="TurnPoisonedException"/>: nothing was recorded, the data of a command is to blame. Any
    /// other, mostly the fault itself: nobody knows whether it was recorded.
    /// </returns>
    public static Exception Explain(Exception fault, bool mayRepeat, bool isCut) => fault switch
    {
        // A unique violation is another silo's assignment or message that came between our look and our write.
        PostgresException
        {
            SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.LockNotAvailable
                or PostgresErrorCodes.UniqueViolation
        } lost => new TurnLostException("Another turn was first.", fault) { Waited = lost.SqlState == PostgresErrorCodes.LockNotAvailable },
        PostgresException { SqlState: ['2', '2' or '3', ..] } refused =>
            new TurnPoisonedException($"The database refuses the data of a command: {refused.MessageText}", fault),
        // The connection was cut, and the same turn may run on another one. When that can't be had, callers are told.
        NpgsqlException { InnerException: IOException } or PostgresException { SqlState: ['5', '7', 'P', ..] or IdleTooLong } when mayRepeat =>
            new TurnLostException("The connection was cut.", fault),
        // The database or the way to it: nobody's data is to blame, and asking again is all there is to do.
        NpgsqlException or TimeoutException or IOException or OperationCanceledException or SocketException => fault,
        // The driver had found the connection cut before we asked for anything, and says so in many ways: nobody's data is to blame.
        _ when isCut => mayRepeat ? new TurnLostException("The connection was cut.", fault) : new IOException("The connection was cut.", fault),
        // A fault of ours that one command's data brought out must not fail the others.
        _ => new TurnPoisonedException($"A command can't be decided: {fault.Message}", fault),
    };
}
