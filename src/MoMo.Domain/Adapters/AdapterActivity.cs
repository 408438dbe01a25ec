using System.Globalization;

namespace MoMo.Domain.Adapters;

/// <summary>What an adapter brought lately, against what it usually brings.</summary>
/// <param name="LastPaymentAt">When its last payment was taken.</param>
/// <param name="Expected">
/// Payments that it usually brings in a time like that since its last one, or since it came up if that was later. Null when too little is known.
/// </param>
/// <param name="Quiet">How long that time is.</param>
/// <param name="Taken">Payments taken in the last quarter of an hour.</param>
/// <param name="Refused">Payments refused in the last quarter of an hour.</param>
public sealed record AdapterActivity(DateTimeOffset? LastPaymentAt, decimal? Expected, TimeSpan Quiet, long Taken, long Refused)
{
    /// <summary>
    /// So many must be missing before an adapter counts as silent: the floor that keeps quiet ones from crying. Were payments independent, one
    /// silence in half a billion would be chance; that leaves room for those that come in bunches.
    /// </summary>
    public const int MissingMin = 20;

    /// <summary>So many must be refused before an adapter counts as degraded.</summary>
    public const int RefusedMin = 10;

    /// <summary>And at least this share, in percent.</summary>
    public const int RefusedPercent = 20;

    /// <summary>No silence is shorter.</summary>
    public static readonly TimeSpan QuietMin = TimeSpan.FromMinutes(10);

    /// <summary>What is known of an hour of the week counts from this many weeks on.</summary>
    public const int WeeksMin = 2;

    /// <summary>Payments that are usual between two times.</summary>
    /// <param name="usual">Payments and weeks by hour of the week, Monday 00:00 UTC first; 168 places.</param>
    /// <param name="from">The beginning.</param>
    /// <param name="to">The end; at most a week later counts.</param>
    /// <returns>How many; null when an hour in between has been seen in fewer than <see cref="WeeksMin"/> weeks.</returns>
    public static decimal? Usual(IReadOnlyList<(long Payments, int Weeks)> usual, DateTimeOffset from, DateTimeOffset to)
    {
        ArgumentNullException.ThrowIfNull(usual);
        if (to - from > TimeSpan.FromDays(7)) from = to - TimeSpan.FromDays(7);
        decimal sum = 0;
        while (from < to)
        {
            var end = HourOf(from).AddHours(1);
            if (end > to) end = to;
            var (payments, weeks) = usual[HourOfWeek(from)];
            if (weeks < WeeksMin) return null;
            sum += (decimal)payments * (end - from).Ticks / (weeks * TimeSpan.TicksPerHour);
            from = end;
        }

        return sum;
    }

    /// <summary>Which of the 168 hours of the week, from Monday 00:00 UTC.</summary>
    public static int HourOfWeek(DateTimeOffset time) => (((int)time.UtcDateTime.DayOfWeek + 6) % 7 * 24) + time.UtcDateTime.Hour;

    /// <summary>The begin of a time's hour.</summary>
    public static DateTimeOffset HourOf(DateTimeOffset time) => new(time.UtcTicks / TimeSpan.TicksPerHour * TimeSpan.TicksPerHour, TimeSpan.Zero);

    /// <summary>The state that it stands for, with why.</summary>
    public (string State, string? Detail) Judge()
    {
        if (Quiet >= QuietMin && Expected >= MissingMin)
        {
            var minutes = (long)Quiet.TotalMinutes;
            return ("silent", string.Create(CultureInfo.InvariantCulture, $"no payment for {minutes} minutes, in which {decimal.Round(Expected.Value)} are usual"));
        }

        return Refused >= RefusedMin && Refused * 100 >= (Taken + Refused) * RefusedPercent
            ? ("degraded", string.Create(CultureInfo.InvariantCulture, $"{AdapterActor.RefusedLately}{Refused} of {Taken + Refused} payments in 15 minutes"))
            : ("up", null);
    }
}
