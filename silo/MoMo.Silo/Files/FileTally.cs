using MoMo.Domain.Files;
using MoMo.Domain.Payments;
using MoMo.Engine;
using MoMo.Silo.Telemetry;

namespace MoMo.Silo.Files;

/// <summary>Counts what comes of a file's entries, and gathers remarks on them. Two threads add: the reader and the one that hears the answers.</summary>
internal sealed class FileTally(HubMetrics metrics)
{
    private readonly Lock gate = new();
    private List<FileRemark> remarks = [];
    private FileCounts counts = new();
    private int ordinal;

    public FileCounts Counts
    {
        get
        {
            lock (gate) return counts;
        }
    }

    public int Remarks
    {
        get
        {
            lock (gate) return remarks.Count;
        }
    }

    /// <summary>Adds what came of a payment.</summary>
    public void Add(int position, string reference, Outcome<TakenPayment> outcome)
    {
        metrics.Took("file", outcome);
        lock (gate)
        {
            if (outcome.Accepted is { } taken)
            {
                counts = taken.Replayed ? counts with { Replayed = counts.Replayed + 1 }
                    : taken.Payment.AccountId is null ? counts with { Suspense = counts.Suspense + 1 }
                    : counts with { Accepted = counts.Accepted + 1 };
                return;
            }

            var refusal = outcome.Refused!;
            var conflict = refusal.Code == "payment-differs";
            counts = conflict ? counts with { Conflicts = counts.Conflicts + 1 } : counts with { Faults = counts.Faults + 1 };
            remarks.Add(new FileRemark(position, conflict ? "conflict" : "fault", refusal.Code, reference, null, refusal.Detail));
        }
    }

    /// <summary>Adds an entry that is no payment.</summary>
    public void Add(Entry entry)
    {
        lock (gate)
        {
            switch (entry)
            {
                case NoticeEntry notice:
                    counts = counts with { Notices = counts.Notices + 1 };
                    remarks.Add(new FileRemark(notice.Position, "notice", notice.Kind.ToString().ToLowerInvariant(), notice.PspReference, notice.Amount, notice.Detail));
                    break;
                case FaultEntry fault:
                    counts = counts with { Faults = counts.Faults + 1 };
                    remarks.Add(new FileRemark(fault.Position, "fault", fault.Code, null, null, fault.Detail));
                    break;
                case WarningEntry warning:
                    remarks.Add(new FileRemark(warning.Position, "warning", warning.Code, null, null, warning.Detail));
                    break;
                default:
                    throw new InvalidOperationException($"No tally knows {entry.GetType().Name}.");
            }
        }
    }

    /// <summary>The remarks gathered so far, and the number of the first of them; they are forgotten here.</summary>
    public (IReadOnlyList<FileRemark> Remarks, int FirstOrdinal) TakeRemarks()
    {
        lock (gate)
        {
            var taken = remarks;
            var first = ordinal;
            ordinal += taken.Count;
            remarks = [];
            return (taken, first);
        }
    }
}
