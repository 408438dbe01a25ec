using MoMo.Domain.Payments;

namespace MoMo.Simulator.World;

/// <summary>Adapters that read files, and the files that they are given: new ones, and such as were there before.</summary>
internal sealed class Files(IReadOnlyList<FileAdapter> adapters)
{
    private const int LinesMax = 30;

    private readonly List<FileReading> given = [];

    /// <summary>Files that are not read to their end.</summary>
    public int Open => adapters.Sum(one => one.Open);

    public FileAdapter Of(int whom) => adapters[whom % adapters.Count];

    /// <summary>A file that was never there before.</summary>
    public void Appear(Step step, Random chance)
    {
        var adapter = Of(step.Whom);
        var count = chance.Next(1, LinesMax + 1);
        var lines = Enumerable.Range(1, count).Select(line => Psp.Notice(
            new PaymentNotice { Psp = $"p{step.Whom % 2}", PspReference = $"F{step.Number}-{line}", Amount = Psp.Amount(chance), Adapter = adapter.Id }, chance)).ToList();
        Give(adapter, new FileReading(step.Number, lines, step.For / count), chance);
    }

    /// <summary>
    /// A file that was there before: whole, in another order, or a part of it; to any adapter; now and then with a line that somebody changed.
    /// </summary>
    public void Reappear(Step step, Random chance)
    {
        if (given.Count == 0) return;
        var (adapter, file) = (Of(step.Whom), given[chance.Next(given.Count)]);
        var lines = file.Lines.Select(line => line with { Adapter = adapter.Id }).ToList();
        if (chance.Next(3) == 0) lines.Reverse();
        if (chance.Next(3) == 0) lines.RemoveRange(0, chance.Next(lines.Count));
        if (chance.Next(4) == 0)
        {
            var changed = chance.Next(lines.Count);
            lines[changed] = lines[changed] with { Amount = Psp.Amount(chance) };
        }

        Give(adapter, new FileReading(file.Number, lines, step.For / lines.Count), chance);
    }

    /// <summary>All adapters go on, whatever befell them.</summary>
    public void Heal(Random chance)
    {
        foreach (var adapter in adapters)
        {
            adapter.Resume();
            adapter.Restart(chance);
        }
    }

    /// <summary>All stand still.</summary>
    public void Pause()
    {
        foreach (var adapter in adapters) adapter.Pause();
    }

    /// <summary>Nobody says any more that it lives.</summary>
    public void FallSilent()
    {
        foreach (var adapter in adapters) adapter.FallSilent();
    }

    private void Give(FileAdapter adapter, FileReading file, Random chance)
    {
        given.Add(file);
        adapter.Give(file, chance);
    }
}
