using System.Text.Json;
using MoMo.Domain;
using MoMo.Domain.Channels;
using MoMo.Edge.Formats;
using MoMo.Engine;

namespace MoMo.Edge.Channels.Folder;

/// <summary>
/// A watched folder. Settings: <c>path</c>, absolute or below the first allowed folder (<see cref="ChannelOptions.AllowedFolders"/>), and those of
/// <see cref="FolderSettings"/>.
/// </summary>
public sealed class FolderKind(ChannelOptions options, string inbox, TimeProvider clock) : IChannelKind
{
    private readonly string[] allowed = options.AllowedFolders.Count == 0 ? [inbox] : [.. options.AllowedFolders];

    /// <inheritdoc/>
    public string Name => "folder";

    /// <inheritdoc/>
    public IReadOnlyList<string> Secrets => [];

    /// <inheritdoc/>
    public Refusal? Check(JsonElement settings) => Read(settings).Refused;

    /// <inheritdoc/>
    public IReadOnlyList<SentCredential> Sends(JsonElement settings) => [];

    /// <inheritdoc/>
    public Task<IChannel> OpenAsync(ChannelConfiguration configuration, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var read = Read(configuration.Settings);
        if (read.Refused is { } refusal) throw new ChannelException(Explain(refusal));
        var path = Place(read.Accepted!.Path)!;
        if (allowed[0] == inbox) Directory.CreateDirectory(inbox);
        if (!Directory.Exists(path)) throw new ChannelException("The folder does not exist, or the hub's user may not see it.");
        // A link of the path may have been laid since the path was checked.
        if (Directory.ResolveLinkTarget(path, returnFinalTarget: true) is { } target && Place(target.FullName) is null)
            throw new ChannelException("The folder is a link to a place that channels may not watch.");
        return Task.FromResult<IChannel>(new FolderChannel(new LocalFolder(path), read.Accepted, clock));
    }

    internal static string Explain(Refusal refusal) =>
        string.Join(" ", refusal.Faults.Select(fault => $"{fault.Field}: {fault.Detail}").DefaultIfEmpty(refusal.Detail));

    private Outcome<FolderSettings> Read(JsonElement settings)
    {
        var reader = new SettingsReader(settings);
        var read = FolderSettings.Read(reader);
        if (read.Path.Length > 0 && Place(read.Path) is null)
            reader.Fault("path", "folder-not-allowed", "The folder is not below one that channels may watch; see MoMo:Channels:AllowedFolders.");
        reader.Close();
        return reader.Refused is { } refusal ? refusal : read;
    }

    /// <summary>The full path, when it is below an allowed folder.</summary>
    private string? Place(string path)
    {
        var full = Path.GetFullPath(path, allowed[0]).TrimEnd('/');
        return allowed.Any(folder => full == folder.TrimEnd('/') || full.StartsWith(folder.TrimEnd('/') + "/", StringComparison.Ordinal)) ? full : null;
    }
}
