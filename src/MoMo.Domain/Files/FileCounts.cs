namespace MoMo.Domain.Files;

/// <summary>What came of a file's entries.</summary>
/// <param name="Accepted">Payments that an account took.</param>
/// <param name="Suspense">Payments that belong to nobody yet.</param>
/// <param name="Replayed">Payments that had been taken before.</param>
/// <param name="Conflicts">Entries whose psp_reference was used before with other content.</param>
/// <param name="Notices">Entries that are not incoming money.</param>
/// <param name="Faults">Entries that could not be read, or are held.</param>
public sealed record FileCounts(long Accepted = 0, long Suspense = 0, long Replayed = 0, long Conflicts = 0, long Notices = 0, long Faults = 0);
