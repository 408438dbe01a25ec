using MoMo.Domain.Payments;
using MoMo.Simulator.Model;
using MoMo.Simulator.World;

namespace MoMo.Simulator.Oracles;

/// <summary>Watches files: whatever befalls who reads them, each line is stored, once, as one of its appearances has it, and no mark is ahead of the store.</summary>
internal sealed class FileJudge(Store store, Action<string, string> accuse)
{
    private readonly Dictionary<(string Psp, string Reference), HashSet<Money>> told = [];

    /// <summary>A file appears, for the first time or again.</summary>
    public void Appeared(FileReading file)
    {
        foreach (var line in file.Lines)
        {
            var key = (line.Psp, line.PspReference);
            if (!told.TryGetValue(key, out var amounts)) told[key] = amounts = [];
            amounts.Add(line.Amount);
        }
    }

    /// <summary>An adapter moved its mark on: what is behind it, it will never send again.</summary>
    public void Marked(FileReading file)
    {
        foreach (var line in file.Lines.Take(file.Mark))
        {
            if (!store.Tables.Keys.ContainsKey((line.Psp, line.PspReference)))
                accuse("law 2, a mark is behind what is stored", $"The adapter has done with {line.PspReference} of file {file.Number}, which is not stored.");
        }
    }

    /// <summary>At the end, when everything should have settled.</summary>
    public void Close()
    {
        foreach (var (key, amounts) in told)
        {
            if (!store.Tables.Keys.TryGetValue(key, out var id)) accuse("law 2, a file is taken whole", $"{key.Reference} of a file is not stored.");
            else if (!amounts.Contains(store.Tables.Payments[id].Notice.Amount))
                accuse("law 6, a line is stored as a file had it", $"{key.Reference} is stored over {store.Tables.Payments[id].Notice.Amount}, which no file said.");
        }

        var stored = store.Tables.Payments.Values.Count(one => one.Notice.Adapter is not null && !store.Tables.Stands(one.Id));
        if (stored != told.Count) accuse("law 3, a file that is there again brings nothing new", $"Of {told.Count} lines of all files {stored} are stored.");
    }
}
