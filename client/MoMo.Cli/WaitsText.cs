using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace MoMo.Cli;

/// <summary>Waits between attempts given on the command line: <c>5,300,1800</c> or <c>5s,5m,30m,2h</c>; none stands for the standard's.</summary>
internal static class WaitsText
{
    /// <summary>The word for the standard's schedule.</summary>
    public const string Standard = "standard";

    /// <summary>An option that leaves the waits as they are when it is not there; no waits at all are the standard's.</summary>
    public static Option<IReadOnlyList<int>?> Option(string name, string description) =>
        new(name) { Description = description, HelpName = "LIST", CustomParser = Read };

    private static List<int>? Read(ArgumentResult given)
    {
        var text = given.Tokens[0].Value;
        if (text == Standard) return [];
        List<int> waits = [];
        foreach (var word in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (Seconds(word) is { } seconds)
            {
                waits.Add(seconds);
                continue;
            }

            given.AddError($"'{word}' is not a wait: give seconds or 5s, 5m, 2h, such as 5s,5m,30m,2h; or {Standard}.");
            return null;
        }

        return waits;
    }

    private static int? Seconds(string word)
    {
        var unit = word.Length == 0 ? 0 : word[^1] switch { 's' => 1, 'm' => 60, 'h' => 3_600, _ => 0 };
        var digits = unit == 0 ? word : word[..^1];
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= int.MaxValue / 3_600 ? count * Math.Max(unit, 1) : null;
    }
}
