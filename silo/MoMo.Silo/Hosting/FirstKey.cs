using MoMo.Storage.Management;

namespace MoMo.Silo.Hosting;

/// <summary>The administrator's first key, as it is shown at the start. There is no default password anywhere.</summary>
/// <param name="Text">The key; null when it is not in the data folder any more.</param>
/// <param name="Where">For people: where it is, or what to do.</param>
internal sealed record FirstKey(string? Text, string Where)
{
    public static async Task<FirstKey> EnsureAsync(AdminKey admin, string dataFolder, CancellationToken cancellation = default)
    {
        var outcome = await admin.EnsureAsync(dataFolder, cancellation);
        return outcome.Match(
            text => new FirstKey(text, $"kept in {Path.Combine(dataFolder, AdminKey.FileName)}, so the CLI on this machine needs nothing"),
            refusal => new FirstKey(null, refusal.Detail));
    }
}
