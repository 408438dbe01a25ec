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
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"{kill} {kills} kill {kill:#,0} of {kills:#,0}, payments acknowledged {acknowledged:#,0}, deliveries {deliveries:#,0}, restarts {restarts:#,0}{Left(kill)}");
        try
        {
            File.AppendAllText(file, $"{text}\n");
        }
        catch (IOException)
        {
            // Nobody looks any more, which is no reason to end.
        }
    }

    private string Left(int kill)
    {
        if (kill == kills) return ", checking that all laws hold";
        if (kill == 0) return "";
        var left = clock.GetElapsedTime(began) / kill * (kills - kill);
        return string.Create(CultureInfo.InvariantCulture, $", {(int)left.TotalHours}:{left:mm\\:ss} left");
    }
}
