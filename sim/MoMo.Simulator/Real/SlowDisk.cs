using Npgsql;

namespace MoMo.Simulator.Real;

/// <summary>
/// Makes a database slow between a decision and the end of its commit, so that whoever answers too early is caught by the next kill: once while
/// the payments are written (a killed silo loses them) and once inside the commit (a killed database loses them).
/// </summary>
internal static class SlowDisk
{
    public static async Task UnderAsync(string ownerConnectionString)
    {
        await using var database = NpgsqlDataSource.Create(ownerConnectionString);
        await using var command = database.CreateCommand(
            """
            CREATE FUNCTION be_slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.02); RETURN NULL; END $$;
            CREATE TRIGGER slow_write AFTER INSERT ON payments FOR EACH STATEMENT EXECUTE FUNCTION be_slow();
            CREATE CONSTRAINT TRIGGER slow_commit AFTER INSERT ON proof_packs DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION be_slow();
            """);
        await command.ExecuteNonQueryAsync();
    }
}
