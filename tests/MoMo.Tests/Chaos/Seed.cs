using System.Globalization;

namespace MoMo.Tests.Chaos;

/// <summary>Where a chaos test's chance comes from: another seed each time, or that of the environment variable MOMO_SEED.</summary>
internal static class Seed
{
    public static int Next() => Environment.GetEnvironmentVariable("MOMO_SEED") is { Length: > 0 } given
        ? int.Parse(given, CultureInfo.InvariantCulture)
        : Random.Shared.Next();

    /// <summary>Runs a test; a failure tells the seed.</summary>
    public static async Task WithAsync(Func<int, Task> test)
    {
        var seed = Next();
        try
        {
            await test(seed);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"With MOMO_SEED={seed}: {e.Message}"), e);
        }
    }
}
