namespace MoMo.Domain.Routing;

/// <summary>
/// How much a pattern asks for. Matching is linear in the text, but a state of the automaton holds as many places as the pattern has once its
/// counts are written out: <c>(?:.{0,30}a){0,30}</c> takes seconds and gigabytes for a text of 1,000 letters.
/// </summary>
internal static class PatternSize
{
    private const int TotalMax = 1_000;
    private const int NestedMax = 128;
    private const int Uncountable = 1_000_000;

    /// <summary>Whether a pattern, its counts written out, has at most 1,000 places, and 128 of them within counts inside counts.</summary>
    public static bool IsFit(string pattern)
    {
        var (groups, sum, atom, counted, nested) = (new Stack<(int Sum, bool Counted)>(), 0, 0, false, 0);
        for (var at = 0; at < pattern.Length; at++)
        {
            var inner = false;
            switch (pattern[at])
            {
                case '(':
                    groups.Push((sum + atom, counted));
                    (sum, atom, counted) = (0, 0, false);
                    continue;
                case ')' when groups.TryPop(out var outer):
                    inner = counted;
                    (atom, sum, counted) = (sum + atom, outer.Sum, outer.Counted || counted);
                    break;
                case '[':
                    at = EndOfClass(pattern, at);
                    (sum, atom) = (sum + atom, 1);
                    break;
                case '\\':
                    at++;
                    (sum, atom) = (sum + atom, 1);
                    break;
                default:
                    (sum, atom) = (sum + atom, 1);
                    break;
            }

            if (Count(pattern, at + 1, out var end) is { } times)
            {
                atom = Math.Min(atom * Math.Max(times, 1), Uncountable);
                if (inner && times > 1) nested = Math.Min(nested + atom, Uncountable);
                counted |= times > 1;
                at = end;
            }

            if (sum + atom > TotalMax || nested > NestedMax) return false;
        }

        return true;
    }

    /// <summary>The upper bound of a <c>{n}</c>, <c>{n,}</c> or <c>{n,m}</c> that begins here; null when there is none.</summary>
    private static int? Count(string pattern, int at, out int end)
    {
        end = at >= pattern.Length || pattern[at] != '{' ? -1 : pattern.IndexOf('}', at);
        if (end < 0) return null;
        var most = 0;
        foreach (var range in pattern.AsSpan(at + 1, end - at - 1).Split(','))
        {
            var bound = pattern.AsSpan(at + 1, end - at - 1)[range];
            if (bound.IsEmpty) continue;
            if (bound.ContainsAnyExceptInRange('0', '9')) return null;
            most = Math.Max(most, bound.Length > 4 ? TotalMax + 1 : int.Parse(bound, System.Globalization.CultureInfo.InvariantCulture));
        }

        return most;
    }

    private static int EndOfClass(string pattern, int at)
    {
        // A bracket that comes first is a letter of the class; a class may be taken off a class.
        for (var (next, depth) = (at + 1, 1); next < pattern.Length; next++)
        {
            var first = next == at + 1 || (next == at + 2 && pattern[at + 1] == '^');
            if (pattern[next] == '\\') next++;
            else if (pattern[next] == '[' && pattern[next - 1] == '-') depth++;
            else if (pattern[next] == ']' && !first && --depth == 0) return next;
        }

        return pattern.Length - 1;
    }
}
