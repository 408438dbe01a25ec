namespace MoMo.Engine;

/// <summary>Finds which name somebody meant who mistyped one.</summary>
public static class NearestName
{
    /// <summary>Characters of a typed name that are looked at; names of ours are shorter.</summary>
    private const int LengthMax = 64;

    /// <summary>So many letters are enough for the beginning of a name.</summary>
    private const int BeginningMin = 3;

    /// <summary>A sentence that asks for the nearest name, with a blank before it; empty when none is near.</summary>
    /// <param name="typed">What was typed.</param>
    /// <param name="known">The names that there are.</param>
    public static string Hint(string typed, IEnumerable<string> known) => Of(typed, known) is { } name ? $" Did you mean {name}?" : "";

    /// <summary>
    /// The name that differs least from what was typed, by letters left out, added, changed or swapped; case and the marks between words count
    /// for nothing, and its beginning is as near as one letter. Null when more than a third of the letters differ.
    /// </summary>
    /// <param name="typed">What was typed.</param>
    /// <param name="known">The names that there are.</param>
    public static string? Of(string typed, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(typed);
        ArgumentNullException.ThrowIfNull(known);
        if (typed.Length > LengthMax || Letters(typed) is not { Length: > 0 } letters) return null;
        string? nearest = null;
        var least = Math.Max(1, letters.Length / 3) + 1;
        foreach (var name in known)
        {
            var other = Letters(name);
            var distance = letters.Length >= BeginningMin && other.StartsWith(letters, StringComparison.Ordinal) && other != letters ? 1 : Distance(letters, other);
            if (distance < least) (nearest, least) = (name, distance);
        }

        return nearest;
    }

    private static string Letters(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant();

    /// <summary>The steps from one text to the other, where two neighbours that are swapped count as one step.</summary>
    private static int Distance(string from, string to)
    {
        var (before, last, row) = (new int[to.Length + 1], new int[to.Length + 1], new int[to.Length + 1]);
        for (var place = 0; place <= to.Length; place++) last[place] = place;
        for (var line = 1; line <= from.Length; line++)
        {
            row[0] = line;
            for (var place = 1; place <= to.Length; place++)
            {
                var same = from[line - 1] == to[place - 1];
                row[place] = Math.Min(Math.Min(row[place - 1], last[place]) + 1, last[place - 1] + (same ? 0 : 1));
                if (line > 1 && place > 1 && from[line - 1] == to[place - 2] && from[line - 2] == to[place - 1])
                    row[place] = Math.Min(row[place], before[place - 2] + 1);
            }

            (before, last, row) = (last, row, before);
        }

        return last[to.Length];
    }
}
