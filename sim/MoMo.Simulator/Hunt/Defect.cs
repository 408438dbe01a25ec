namespace MoMo.Simulator.Hunt;

/// <summary>Planted defects: the laws broken one by one, as known hubs broke them. For tests of the simulator; nothing but it knows them.</summary>
internal enum Defect
{
    None,

    /// <summary>Law 1: the proof is not in the payment's commit.</summary>
    ProofForgotten,

    /// <summary>Law 2: the answer does not wait for the commit.</summary>
    AnswerBeforeCommit,

    /// <summary>Law 3: repeats are recognised by a set in memory only.</summary>
    DedupeInMemory,

    /// <summary>Law 3: a repeat with another amount gets the first answer (as Midaz's SDK did).</summary>
    ChangedRepeatAnswered,

    /// <summary>Law 4: a duplicate found late takes a number.</summary>
    NumberLost,

    /// <summary>Law 4: lanes wait for each other.</summary>
    LanesInARow,

    /// <summary>Law 6: assigning rewrites the payment.</summary>
    AssignmentRewrites,

    /// <summary>Law 7: accounts are not fenced, two silos number at once.</summary>
    AccountsNotFenced,

    /// <summary>Law 7: what memory knows of an account is trusted without looking at its version.</summary>
    StaleActors,

    /// <summary>Law 7: a turn that was decided from memory is recorded without a look at whether memory is right.</summary>
    MemoryNotCompared,

    /// <summary>Law 7: a silo that lost its lease goes on as its holder.</summary>
    LeaseNotFenced,

    /// <summary>Law 7: an outcome that comes late overwrites another silo's.</summary>
    OutcomeNotFenced,

    /// <summary>Law 8: receivers are told, then it is committed.</summary>
    NotifyBeforeCommit,

    /// <summary>Law 9: the queue has no end.</summary>
    QueueWithoutEnd,

    /// <summary>Deliveries: a lane falls asleep over what came meanwhile.</summary>
    LostWakeUp,

    /// <summary>Deliveries: retries without jitter come back together.</summary>
    NoJitter,

    /// <summary>Deliveries: any answer counts as an arrival.</summary>
    AnyAnswerCounts,

    /// <summary>Deliveries: each attempt has an id of its own, so that receivers can't recognise repeats.</summary>
    NewIdEachAttempt,

    /// <summary>Reversals: what came before its payment is not joined with it.</summary>
    OrphansForgotten,

    /// <summary>Reversals: what was taken back before is not looked at.</summary>
    ReversedTooMuch,

    /// <summary>Reversals: nor when a payment is taken from its account, or leaves suspense.</summary>
    UnlinkedTooMuch,

    /// <summary>Deliveries: what was taken later overtakes what failed, whatever order was promised.</summary>
    OrderIgnored,

    /// <summary>Deliveries: a silo signs with the secret that it saw first, after it was rotated and ended.</summary>
    StaleSecret,

    /// <summary>Files: one has the name of its first delivery, whatever else is in it.</summary>
    FileNamedByFirst,

    /// <summary>Files: a part of one is written, and all counted as delivered.</summary>
    FileInPart,

    /// <summary>Replays: a batch is committed without how far it came, so that the next begins anew.</summary>
    ReplayBeginsAnew,

    /// <summary>Replays: a batch is chosen by its state alone, whatever account or destination was named.</summary>
    ReplayTooWide,

    /// <summary>Replays: what a silo has claimed is lost with it.</summary>
    ReplayForgotten,

    /// <summary>Replays: what is sent again does not wait for what comes before it.</summary>
    ReplayOvertakes,

    /// <summary>Files: an adapter moves on when it has sent a line, and does not wait for the answer.</summary>
    MarkBeforeAnswer,

    /// <summary>Liveness: nobody looks whether an adapter was heard of in time.</summary>
    LeasesWithoutEnd,

    /// <summary>Routing: a payment goes to a neighbour's lane.</summary>
    WrongLane,
}
