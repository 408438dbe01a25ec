using MoMo.Domain.Adapters;
using MoMo.Domain.Channels;
using MoMo.Edge.Channels;
using MoMo.Silo.Files;

namespace MoMo.Silo.Channels;

/// <summary>Hands the files of an item to the intake, one after another.</summary>
internal sealed class ChannelTaker(FileIntake intake)
{
    private const int NameMax = 255;

    /// <summary>Whether files of this format can be read.</summary>
    public bool Reads(string format) => intake.Reads(format);

    /// <summary>Takes all files of an item.</summary>
    /// <param name="adapter">The adapter.</param>
    /// <param name="rules">The channel's.</param>
    /// <param name="files">The item's.</param>
    /// <param name="onlyNew">Whether a file whose very bytes were taken before is neither read again nor counted.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>What came of them.</returns>
    /// <exception cref="ChannelItemException">The intake refused one; those that could be taken are.</exception>
    public async Task<ChannelTally> TakeAsync(
        Adapter adapter, ChannelRules rules, IAsyncEnumerable<ChannelFile> files, bool onlyNew, CancellationToken cancellation)
    {
        var tally = new ChannelTally();
        List<string> refused = [];
        await foreach (var packed in files.WithCancellation(cancellation))
        {
            if (!rules.Unpack)
            {
                tally = await TakeAsync(adapter, packed, tally, refused, onlyNew, cancellation);
                continue;
            }

            await foreach (var file in Unpacker.UnpackAsync(packed, rules.SizeMax, cancellation))
                tally = await TakeAsync(adapter, file, tally, refused, onlyNew, cancellation);
        }

        return refused.Count == 0 ? tally : throw new ChannelItemException(string.Join(" ", refused.Take(5)), isFinal: true);
    }

    private async Task<ChannelTally> TakeAsync(
        Adapter adapter, ChannelFile file, ChannelTally tally, List<string> refused, bool onlyNew, CancellationToken cancellation)
    {
        var name = file.Name.Length > NameMax ? file.Name[^NameMax..] : file.Name;
        var (kept, replayed) = await intake.KeepAsync(adapter, name, file.Bytes, cancellation);
        if (onlyNew && replayed && kept is { State: "taken", IsUnfinished: false }) return tally;
        // When the database does not confirm what the file holds, its bytes are gone all the same: the whole item is fetched again.
        var taken = await intake.ReadAsync(adapter, kept, cancellation);
        if (taken.State != "refused") return tally.With(taken.Counts);
        refused.Add($"{name} is refused: {taken.Detail}");
        return tally with { Faults = tally.Faults + 1 };
    }
}
