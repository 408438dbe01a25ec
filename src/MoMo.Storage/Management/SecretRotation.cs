using MoMo.Domain.Deliveries;
using MoMo.Engine;
using Npgsql;

namespace MoMo.Storage.Management;

/// <summary>
/// Rotations of the secrets that webhooks are signed with. For a day, or until it is ended, both the new secret and the one before sign, so that a
/// receiver has time to change over. Account ids are canonical.
/// </summary>
/// <param name="database">Connects as the runtime role.</param>
/// <param name="seal">Seals a secret for a purpose, <see cref="DestinationStore.Purpose"/>.</param>
/// <param name="clock">Tells the time.</param>
public sealed class SecretRotation(NpgsqlDataSource database, Func<string, string, string> seal, TimeProvider clock)
{
    /// <summary>How long the secret before signs, too.</summary>
    public static readonly TimeSpan Lasts = TimeSpan.FromHours(24);

    private const string NoOldSecret = "old_secret = NULL, old_public_key = NULL, old_secret_until = NULL";

    /// <summary>Gives a destination another secret.</summary>
    /// <returns>It with its new secret, or <c>destination-unknown</c>, <c>destination-unsigned</c>, <c>rotation-running</c>.</returns>
    public Task<Outcome<DestinationRow>> BeginAsync(string account, string id, Func<bool, NewSecret> make, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(make);
        return DestinationChange.RunAsync(
            database, account, id, VersionMatch.Any,
            async (change, stored) =>
            {
                if (stored.Kind != "webhook") return new Refusal("destination-unsigned", $"What is sent to a destination of kind {stored.Kind} is not signed.");
                var now = clock.GetUtcNow();
                if (stored.OldSecretUntil > now)
                    return new Refusal("rotation-running", $"A rotation of destination '{id}' lasts until {stored.OldSecretUntil:O}; end it first, or take it back.");
                var secret = make(stored.PublicKey is not null);
                var changed = await SetAsync(
                    change, account, id, "old_secret = secret, old_public_key = public_key, old_secret_until = $3, secret = $4, public_key = $5",
                    Sql.Time(now + Lasts), Sql.Of(seal(DestinationStore.Purpose(account, id), secret.Text)), Sql.Text(secret.PublicKey));
                return changed with { Secret = secret.PublicKey is null ? secret.Text : null };
            },
            cancellation);
    }

    /// <summary>Ends a rotation: only the new secret signs from now on.</summary>
    /// <returns>The destination, or <c>destination-unknown</c>.</returns>
    public Task<Outcome<DestinationRow>> EndAsync(string account, string id, CancellationToken cancellation) => DestinationChange.RunAsync(
        database, account, id, VersionMatch.Any, async (change, _) => await SetAsync(change, account, id, NoOldSecret), cancellation);

    /// <summary>Takes a rotation back: the secret of before signs alone again. For whoever never got to see the new one.</summary>
    /// <returns>The destination, or <c>destination-unknown</c>, <c>rotation-over</c>.</returns>
    public Task<Outcome<DestinationRow>> UndoAsync(string account, string id, CancellationToken cancellation) => DestinationChange.RunAsync(
        database, account, id, VersionMatch.Any,
        async (change, stored) => stored.OldSecretUntil > clock.GetUtcNow()
            ? await SetAsync(change, account, id, $"secret = old_secret, public_key = old_public_key, {NoOldSecret}")
            : new Refusal("rotation-over", $"No rotation of destination '{id}' is running: its earlier secret is gone."),
        cancellation);

    private static async Task<DestinationRow> SetAsync(
        Change change, string account, string id, string set, params NpgsqlParameter[] further) => (await change.FindAsync(
            $"UPDATE destinations SET {set}, version = version + 1 WHERE account_id = $1 AND id = $2 RETURNING {DestinationRow.Columns}",
            DestinationRow.Read, [Sql.Of(account), Sql.Of(id), ..further]))!;
}
