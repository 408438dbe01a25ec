using MoMo.Domain.Files;
using MoMo.Domain.Payments;
using MoMo.Domain.Reversals;
using MoMo.Engine;
using MoMo.Silo.Telemetry;

namespace MoMo.Silo.Files;

/// <summary>Counts what comes of a file's entries, and gathers remarks on them. Two threads add: the reader and the one that hears the answers.</summary>
/// <param name="file">The file that is read.</param>
/// <param name="metrics">Hear of each payment.</param>
internal sealed class FileTally(StatementFile file, HubMetrics metrics)
{
    private readonly Lock gate = new();
    private List<(int Ordinal, FileRemark Remark)> remarks = [];
    private FileCounts counts = new();
    private FileCounts record = new();
    private EntryPlace place;

    /// <summary>What came of it in this reading: what an earlier one took was taken before.</summary>
    public FileCounts Counts
    {
        get
        {
            lock (gate) return counts;
        }
    }

    /// <summary>What the file holds, whichever reading took it: for its record. Taken before is only what came by another way.</summary>
    public FileCounts Record
    {
        get
        {
            lock (gate) return record;
        }
    }

    public int Remarks
    {
        get
        {
            lock (gate) return remarks.Count;
        }
    }

    /// <summary>
    /// The next entry's place. Each entry takes one, whether anything is remarked on it or not, so that every reading of the file gives a remark the
    /// same place, whichever of the two threads comes first. For the reader alone.
    /// </summary>
    public EntryPlace PlaceOf(Entry entry)
    {
        // Positions never go back in a file.
        place = new EntryPlace(entry.Position, entry.Position == place.Position ? place.Ordinal + 1 : 0);
        return place;
    }

    /// <summary>Adds what came of a payment.</summary>
    public void Add(EntryPlace place, string reference, Outcome<TakenPayment> outcome)
    {
        metrics.Took("file", outcome);
        lock (gate)
        {
            if (outcome.Accepted is { } taken)
            {
                var own = !taken.Replayed || IsOwn(taken.Payment, place);
                record = With(record, taken.Payment, own);
                // A reading that a crash cut short goes on: what it took already is no repeat of anything.
                counts = With(counts, taken.Payment, own && (!taken.Replayed || file.State == "reading"));
                if (file.Readings > 0) Remark(place, new FileRemark(place.Position, FileRemark.Taken, FileRemark.Taken, null, null, null));
                return;
            }

            var refusal = outcome.Refused!;
            var conflict = refusal.Code == "payment-differs";
            Count(all => conflict ? all with { Conflicts = all.Conflicts + 1 } : all with { Faults = all.Faults + 1 });
            Remark(place, new FileRemark(place.Position, conflict ? "conflict" : "fault", refusal.Code, reference, null, refusal.Detail));
        }
    }

    /// <summary>Adds what came of a reversal.</summary>
    public void Add(EntryPlace place, ReversalEntry entry, Outcome<TakenReversal> outcome)
    {
        lock (gate)
        {
            if (outcome.Refused is { } refusal)
            {
                Count(all => all with { Conflicts = all.Conflicts + 1 });
                Remark(place, new FileRemark(place.Position, "conflict", refusal.Code, entry.PspReference, entry.Amount, refusal.Detail));
                return;
            }

            var original = entry.OriginalReference is null ? "" : $"Takes back {entry.OriginalReference}. ";
            var text = (original + entry.Detail).Trim();
            if (outcome.Accepted!.Reversal.Held is { } held)
            {
                Count(all => all with { Faults = all.Faults + 1 });
                Remark(place, new FileRemark(place.Position, "fault", held, entry.PspReference, entry.Amount, text));
                return;
            }

            Count(all => all with { Notices = all.Notices + 1 });
            Remark(place, new FileRemark(place.Position, "notice", "reversal", entry.PspReference, entry.Amount, text.Length > 0 ? text : null));
        }
    }

    /// <summary>Adds a payment or a reversal that is held.</summary>
    public void Hold(EntryPlace place, string reference, Money amount, HeldEntry why)
    {
        lock (gate)
        {
            Count(all => all with { Faults = all.Faults + 1 });
            Remark(place, new FileRemark(place.Position, "fault", "statement-held", reference, amount, why.Detail));
        }
    }

    /// <summary>Adds an entry that is no payment.</summary>
    public void Add(EntryPlace place, Entry entry)
    {
        lock (gate)
        {
            switch (entry)
            {
                case NoticeEntry notice:
                    Count(all => all with { Notices = all.Notices + 1 });
                    Remark(place, new FileRemark(notice.Position, "notice", notice.Kind.Word(), notice.PspReference, notice.Amount, notice.Detail));
                    break;
                case FaultEntry fault:
                    Count(all => all with { Faults = all.Faults + 1 });
                    Remark(place, new FileRemark(fault.Position, "fault", fault.Code, null, null, fault.Detail));
                    break;
                case WarningEntry warning:
                    Remark(place, new FileRemark(warning.Position, "warning", warning.Code, null, null, warning.Detail));
                    break;
                case HeldEntry held:
                    Remark(place, new FileRemark(held.Position, "warning", held.Code, null, null, held.Detail));
                    break;
                default:
                    throw new InvalidOperationException($"No tally knows {entry.GetType().Name}.");
            }
        }
    }

    /// <summary>The remarks gathered so far, each with its number within its position; they are forgotten here.</summary>
    public IReadOnlyList<(int Ordinal, FileRemark Remark)> TakeRemarks()
    {
        lock (gate)
        {
            var taken = remarks;
            remarks = [];
            return taken;
        }
    }

    private void Remark(EntryPlace place, FileRemark remark) => remarks.Add((place.Ordinal, remark));

    private void Count(Func<FileCounts, FileCounts> change) => (counts, record) = (change(counts), change(record));

    private static FileCounts With(FileCounts all, Payment payment, bool isTaken) => !isTaken ? all with { Replayed = all.Replayed + 1 }
        : payment.Decision.AccountId is null ? all with { Suspense = all.Suspense + 1 }
        : all with { Accepted = all.Accepted + 1 };

    /// <summary>Whether an earlier reading of this file took the payment from this very place.</summary>
    private bool IsOwn(Payment payment, EntryPlace place) => payment.Proof.FileId == file.Id && payment.Proof.Position == place.Position;
}
