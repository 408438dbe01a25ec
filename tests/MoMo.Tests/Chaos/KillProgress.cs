using System.Globalization;

namespace MoMo.Tests.Chaos;

/// <summary>
/// Tells whoever started a long run how far it is: a line for each kill, at the end of the file that environment variable MOMO_PROGRESS names; nothing
/// without it. A line begins with how many kills are done and how many there will be; the rest is for people.
/// </summary>
/// <param name="file">Where to; null for nowhere.</param>
/// <param name="kills">How many there will be.</param>
/// <param name="clock">Tells how long is left.</param>
internal sealed class KillProgress(string? file, int kills, TimeProvider clock)
{
    private readonly long began = clock.GetTimestamp();

    /// <summary>The progress of a run whose starter wants to know, or does not.</summary>
    public static KillProgress Of(int kills) =>
        new(Environment.GetEnvironmentVariable("MOMO_PROGRESS") is { Length: > 0 } given ? given : null, kills, TimeProvider.System);

    /// <summary>So much is done.</summary>
    /// <param name="kill">Kills so far; all of them while the laws are checked.</param>
    /// <param name="acknowledged">Payments acknowledged so far, repeats too.</param>
    /// <param name="deliveries">Webhooks received so far.</param>
    /// <param name="restarts">Starts of the silo after the first.</param>
    public void Tell(int kill, int acknowledged, int deliveries, int restarts)
    {
        if (file is null) return;
        var left = kill == 0 || kill == kills ? "" : $"{clock.GetElapsedTime(began) / kill * (kills - kill):h\\:mm\\:ss} left";
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"{kill} {kills} kill {kill:#,0} of {kills:#,0}, {acknowledged:#,0} payments acknowledged, {deliveries:#,0} deliveries, {restarts:#,0} restarts, {(kill == kills ? "checking that all laws hold" : left)}");
        try
        {
            File.AppendAllText(file, $"{text.TrimEnd(' ', ',')}\n");
        }
        catch (IOException)
        {
            // Nobody looks any more, which is no reason to end.
        }
    }
}
