using MoMo.Domain.Files;
using MoMo.Domain.Payments;
using MoMo.Domain.Proofs;
using MoMo.Storage.Proofs;
using Npgsql;

namespace MoMo.Storage.Journal;

/// <summary>The messages that a turn keeps, all in one pack.</summary>
internal sealed class TurnProofs
{
    private readonly ProofPack pack = new();
    private readonly Dictionary<TakePayment, ProofLink> links = [];
    private readonly List<KeptMessage> kept = [];
    private readonly Dictionary<string, ProofLink> keptBefore = [];
    private readonly List<(KeepProof Keep, NoticeEntry Notice)> notices = [];
    private byte[]? packed;

    /// <summary>The number of the turn's pack.</summary>
    public long PackId { get; set; }

    public void Clear()
    {
        pack.Clear();
        links.Clear();
        kept.Clear();
        keptBefore.Clear();
        notices.Clear();
        packed = null;
    }

    /// <summary>Keeps the message of a new payment.</summary>
    public void Add(TakePayment take) => links[take] = Add(take.Arrival.Proof);

    /// <summary>Where the message of a new payment is kept.</summary>
    public ProofLink Of(TakePayment take) => links[take];

    /// <summary>Finds out which messages were kept before.</summary>
    public async Task FindKeptAsync(NpgsqlConnection connection, byte[][] wanted, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("SELECT sha256, pack, position FROM kept_messages WHERE sha256 = ANY($1)", connection)
            .With(Sql.Of(wanted));
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            var sha256 = rows.GetFieldValue<byte[]>(0);
            keptBefore[Convert.ToHexString(sha256)] = new ProofLink(sha256, rows.GetInt64(1), rows.GetInt32(2), null);
        }
    }

    /// <summary>Keeps a message that makes no payment of its own, once.</summary>
    public ProofLink Keep(Proof proof, string? psp, string? adapter, string why, Guid? payment, DateTimeOffset receivedAt)
    {
        var name = Convert.ToHexString(proof.Sha256);
        if (keptBefore.TryGetValue(name, out var before)) return before;
        var link = Add(proof);
        kept.Add(new KeptMessage(link, psp, adapter, why, payment, receivedAt));
        keptBefore[name] = link;
        return link;
    }

    /// <summary>Keeps a message for what it says, though it is no payment.</summary>
    public ProofLink Keep(KeepProof keep)
    {
        var link = Keep(keep.Proof, keep.Psp, keep.Adapter, keep.Why, null, keep.ReceivedAt);
        foreach (var notice in keep.Notices) notices.Add((keep, notice));
        return link;
    }

    /// <summary>Compresses the pack: costly, so it is done while the turn before may still run.</summary>
    public void Close()
    {
        if (pack.Count > 0) packed = pack.ToBytes();
    }

    /// <summary>Writes what is kept.</summary>
    public void Add(NpgsqlBatch batch)
    {
        if (packed is not null)
            batch.BatchCommands.Add(Sql.Command("INSERT INTO proof_packs (id, body) VALUES ($1, $2)", Sql.Of(PackId), Sql.Of(packed)));
        foreach (var message in kept) batch.BatchCommands.Add(message.Insert());
        foreach (var (keep, notice) in notices) batch.BatchCommands.Add(Insert(keep, notice));
    }

    private static NpgsqlBatchCommand Insert(KeepProof keep, NoticeEntry notice) => Sql.Command(
        """
        INSERT INTO message_notices (sha256, adapter_id, position, kind, psp_reference, amount_minor, currency, detail, received_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING
        """,
        Sql.Of(keep.Proof.Sha256),
        Sql.Of(keep.Adapter ?? ""),
        Sql.Of(notice.Position),
        Sql.Of(notice.Kind.Word()),
        Sql.Text(notice.PspReference),
        new NpgsqlParameter { Value = (object?)notice.Amount?.MinorUnits ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Bigint },
        Sql.Text(notice.Amount?.Currency.Code),
        Sql.Text(notice.Detail),
        Sql.Time(keep.ReceivedAt));

    private ProofLink Add(Proof proof) => new(proof.Sha256, PackId, pack.Add(proof.Envelope, proof.Body.Span), null);
}
