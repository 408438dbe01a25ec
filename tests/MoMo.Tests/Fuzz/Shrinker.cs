namespace MoMo.Tests.Fuzz;

/// <summary>Makes an input that shows a defect as short as it finds within a number of trials.</summary>
internal static class Shrinker
{
    private const int TrialsMax = 3_000;

    /// <summary>A part of the input that still fails.</summary>
    public static byte[] Shrink(byte[] input, Func<byte[], bool> fails)
    {
        var trials = 0;
        for (var size = Math.Max(1, input.Length / 2); size >= 1 && trials < TrialsMax; size = size == 1 && trials > 0 ? 0 : Math.Max(1, size / 2))
        {
            for (var at = 0; at < input.Length && trials < TrialsMax;)
            {
                byte[] without = [.. input.AsSpan(0, at), .. input.AsSpan(Math.Min(at + size, input.Length))];
                trials++;
                if (fails(without)) input = without;
                else at += size;
            }
        }

        return input;
    }
}
