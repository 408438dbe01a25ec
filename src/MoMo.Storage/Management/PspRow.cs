namespace MoMo.Storage.Management;

/// <summary>A PSP as it is stored.</summary>
public sealed record PspRow(string Id, string Name, bool Archived, long Version, DateTimeOffset CreatedAt);
