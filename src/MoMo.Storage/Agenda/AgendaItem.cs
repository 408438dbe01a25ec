namespace MoMo.Storage;

/// <summary>Something that was due and is now this silo's to do, until its lease ends.</summary>
/// <param name="Kind">What kind of work, such as <c>lane</c>.</param>
/// <param name="Key">Which one.</param>
/// <param name="DueAt">When it became due.</param>
/// <param name="Lease">The fence: rises with each claim, so that a holder who lost it is noticed.</param>
public sealed record AgendaItem(string Kind, string Key, DateTimeOffset DueAt, long Lease);
