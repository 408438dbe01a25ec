using System.Globalization;
using System.Text.Json;
using MoMo.Domain.Channels;
using MoMo.Domain.Deliveries;
using MoMo.Edge.Channels;
using MoMo.Edge.Channels.Sftp;
using MoMo.Engine;

namespace MoMo.Edge.Drops;

/// <summary>
/// Delivers as files of NDJSON or CSV, into a folder where the hub runs or by SFTP. A file appears under its name when all of it is there. SFTP needs
/// OpenSSH's program <c>ssh</c> where the hub runs.
/// </summary>
public sealed class DropKind : IBatchKind, IDisposable
{
    /// <summary>Files that are written at once where the hub runs; one that a disk keeps for longer than its time is not counted any more.</summary>
    private const int StoresMax = 64;

    private readonly DropOptions options;
    private readonly string[] allowed;
    private readonly bool isOutbox; // the allowed folder is the hub's own
    private readonly Dialer dialer;
    private readonly FairPlaces uploads;
    private readonly FairPlaces stores = new(StoresMax, StoresMax / 4);
    private readonly DropThreads threads = new();

    // The same for all attempts: one that breaks off can delete nothing on the server, and the next one replaces what it left.
    private readonly string serverMark;

    /// <summary>A writer of files.</summary>
    /// <param name="options">Limits, and where files may go.</param>
    /// <param name="outbox">The allowed folder when the options name none.</param>
    public DropKind(DropOptions options, string outbox)
    {
        ArgumentNullException.ThrowIfNull(options);
        this.options = options;
        uploads = new FairPlaces(options.UploadsMax, Math.Max(options.UploadsMax / 4, 1));
        serverMark = options.PartMark ?? NewMark();
        isOutbox = options.AllowedFolders.Count == 0;
        allowed = isOutbox ? [outbox] : [.. options.AllowedFolders];
        allowed = Array.ConvertAll(allowed, folder => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        var channels = new ChannelOptions { ConnectTimeout = options.ConnectTimeout, SilenceMax = options.SilenceMax };
        foreach (var network in options.AllowedNetworks) channels.AllowedNetworks.Add(network);
        dialer = new Dialer(channels, "MoMo:Files");
    }

    /// <inheritdoc/>
    public string Kind => "file";

    /// <inheritdoc/>
    public IReadOnlyList<string> Credentials { get; } = ["password", "private_key", "passphrase"];

    /// <inheritdoc/>
    public Outcome<Uri> Locate(string account, string? url, JsonElement settings)
    {
        var read = DropSettings.Read(settings);
        List<FieldFault> faults = [.. read.Refused?.Faults ?? []];
        if (url is not null) faults.Add(new FieldFault("url", "url-unused", "A destination of kind file has no url: give settings.path, and settings.host for SFTP."));
        if (read.Accepted is { Server: null } local && Place(account, local.Path) is null)
            faults.Add(new FieldFault("path", "folder-not-allowed", "The folder is not below the account's own; see MoMo:Files:AllowedFolders."));
        if (faults.Count > 0) return new Refusal("settings-invalid", "Correct the settings that are listed.", faults);
        var settled = read.Accepted!;
        return settled.Server is { } server
            ? new UriBuilder("sftp", server.Host, server.Port, settled.Path.StartsWith('/') ? settled.Path : $"/~/{settled.Path}").Uri
            : new Uri($"file://{Uri.EscapeDataString(Place(account, settled.Path)!).Replace("%2F", "/", StringComparison.Ordinal)}");
    }

    /// <inheritdoc/>
    public bool NeedsCredentials(JsonElement settings) => DropSettings.Read(settings).Accepted is { Server: not null };

    /// <inheritdoc/>
    public Task<FieldFault?> FindFaultAsync(JsonElement settings, IReadOnlyDictionary<string, string> credentials, CancellationToken cancellation) =>
        SftpCredentials.FaultAsync(credentials, cancellation);

    /// <inheritdoc/>
    public BatchRule Batch(JsonElement settings) => DropSettings.Read(settings).Accepted?.Batch ?? new BatchRule(1, TimeSpan.Zero);

    /// <inheritdoc/>
    public async Task<IDisposable?> TurnAsync(LaneDestination to, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(to);
        return await (DropSettings.Read(to.Settings).Accepted?.Server is null ? stores : uploads).TakeAsync(to.AccountId, cancellation);
    }

    /// <inheritdoc/>
    public async Task<AttemptResult> SendAsync(IReadOnlyList<DeliveryMessage> messages, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(messages);
        if (messages[0].To is not { } to || DropSettings.Read(to.Settings).Accepted is not { } settings)
            return Retry("The destination's settings can't be used any more.", DeliveryCause.BadDestination);
        return await TryAsync(messages, to, settings, cancellation);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        uploads.Dispose();
        stores.Dispose();
    }

    private async Task<AttemptResult> TryAsync(
        IReadOnlyList<DeliveryMessage> messages, LaneDestination to, DropSettings settings, CancellationToken cancellation)
    {
        var name = DropFile.Name(settings, messages);

        // The network's own time: a test that holds the clock must not make a silent server last for ever.
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(options.Timeout);
        try
        {
            var content = DropFile.Write(settings.Format, messages);
            if (settings.Server is { } server) return await UploadAsync(to, settings, server, name, content, deadline.Token);
            return await StoreAsync(to, settings.Path, name, content, deadline.Token);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            return e switch
            {
                ChannelItemException => Retry(e.Message, DeliveryCause.AccountRejected),
                ChannelException broken => Retry(e.Message, CauseOf(broken.Trouble)),
                _ when deadline.IsCancellationRequested => Late(settings.Server is null),
                UnauthorizedAccessException => Retry("The hub's user may not write in the folder.", DeliveryCause.BadDestination),
                IOException => Retry("The file could not be written where the hub runs: the folder can't be used, or the disk is full.", DeliveryCause.HubFault),
                _ => Retry($"The file could not be written ({e.GetType().Name}).", DeliveryCause.HubFault),
            };
        }
    }

    private static string PartOf(string name, string mark) => $".{name}.{mark}.part";

    /// <summary>Nobody can tell it beforehand.</summary>
    private static string NewMark() => Path.GetRandomFileName()[..8];

    private async Task<AttemptResult> StoreAsync(LaneDestination to, string path, string name, byte[] content, CancellationToken cancellation)
    {
        if (Place(to.AccountId, path) is not { } folder) return Retry("The folder is no longer one that files may be written to.", DeliveryCause.BadDestination);
        var root = folder;
        while (!allowed.Contains(root)) root = Path.GetDirectoryName(root)!;
        var part = PartOf(name, options.PartMark ?? NewMark());
        var modes = new DropModes(root, isOutbox, options.Sync);
        return await threads.RunAsync(to.Lane, () => LocalDrop.Put(root, folder, modes, name, part, content, cancellation), cancellation)
            ? new AttemptResult(AttemptVerdict.Delivered, null, null, null)
            : Retry("The folder is below a link, and may lead anywhere.", DeliveryCause.BadDestination);
    }

    private async Task<AttemptResult> UploadAsync(
        LaneDestination to, DropSettings settings, ServerSettings server, string name, byte[] content, CancellationToken cancellation)
    {
        if (!SftpCredentials.Has(to.Credentials)) return Retry("The destination has no credentials for its SFTP server.", DeliveryCause.BadDestination);
        try
        {
            await dialer.ResolveAsync(server.Host, cancellation);
        }
        catch (ChannelException e)
        {
            return Retry(e.Message, DeliveryCause.BadDestination);
        }

        await using var client = await SftpClient.OpenAsync(dialer, server, settings.HostKey, to.Credentials, cancellation);
        await new SftpFolder(client, settings.Path).PutAsync(name, PartOf(name, serverMark), content, cancellation);
        return new AttemptResult(AttemptVerdict.Delivered, null, null, null);
    }

    /// <summary>The full path, when it is the account's own folder in an allowed one, or below that.</summary>
    private string? Place(string account, string path)
    {
        var own = allowed.Select(folder => Path.Combine(folder, account)).ToArray();
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path, own[0]));
        return own.Any(folder => full == folder || full.StartsWith($"{folder}{Path.DirectorySeparatorChar}", StringComparison.Ordinal)) ? full : null;
    }

    private static DeliveryCause CauseOf(ChannelTrouble trouble) => trouble switch
    {
        ChannelTrouble.Identity or ChannelTrouble.Credentials => DeliveryCause.BadDestination,
        ChannelTrouble.Login => DeliveryCause.AccountRejected,
        ChannelTrouble.Machine => DeliveryCause.HubFault,
        _ => DeliveryCause.AccountUnreachable,
    };

    private AttemptResult Late(bool isHere)
    {
        var time = string.Create(CultureInfo.InvariantCulture, $"he file took longer than {options.Timeout.TotalSeconds:0.#} s.");
        return isHere
            ? Retry($"The folder's disk does not answer: t{time} Look at what is mounted there.", DeliveryCause.HubFault)
            : Retry($"T{time}", DeliveryCause.AccountUnreachable);
    }

    private static AttemptResult Retry(string error, DeliveryCause cause) =>
        new(AttemptVerdict.Retry, null, error.Length > 500 ? error[..500] : error, null) { Cause = cause };
}
