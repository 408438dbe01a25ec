using MoMo.Engine;

namespace MoMo.Silo.Hosting;

/// <summary>The silo's command line: short flags, and settings by their full name.</summary>
internal static class Flags
{
    /// <summary>Only says whether a database is given or the silo brings its own: <c>given</c> or <c>own</c>.</summary>
    public const string WhoseDatabase = "--whose-database";

    private const string Demo = "--demo";

    private const string Help =
        "It takes --data DIR, --urls URL, --database CONNECTION, --demo, and any setting by its full name, such as --MoMo:Journal:QueueMax=20000.";

    private static readonly Dictionary<string, string> Settings = new()
    {
        ["--data"] = "MoMo:Data",
        ["--database"] = "MoMo:Database:ConnectionString",
        ["--environment"] = "environment",
        ["--urls"] = "urls",
    };

    /// <summary>
    /// <c>--data DIR</c> becomes <c>--MoMo:Data=DIR</c>, <c>--demo</c> becomes <c>--MoMo:Demo=true</c>; settings by their full name stay, with their
    /// value behind an equals sign.
    /// </summary>
    /// <exception cref="StartException">There is a flag, a setting or a word that the silo does not know, or a value is missing. To go on without would
    /// make another hub than was meant.</exception>
    public static string[] ToSettings(IReadOnlyList<string> args)
    {
        ArgumentNullException.ThrowIfNull(args);
        List<string> settings = [];
        for (var place = 0; place < args.Count; place++)
        {
            var (name, value) = args[place].Split('=', 2) is [var left, var right] ? (left, right) : (args[place], null);
            if (name == Demo) settings.Add($"--MoMo:Demo={Bool(value ?? "true")}");
            else if (args[place] == WhoseDatabase) continue;
            else if (Setting(name) is { } setting) settings.Add($"--{setting}={Value(name, value ?? args.ElementAtOrDefault(++place), value is not null)}");
            else throw Misused($"The hub does not know '{name}'.{NearestName.Hint(name, Known())}");
        }

        return [.. settings];
    }

    private static string? Setting(string name) =>
        Settings.TryGetValue(name, out var setting) ? setting : name.StartsWith("--", StringComparison.Ordinal) && KnownSettings.Has(name[2..]) ? name[2..] : null;

    private static string Value(string name, string? value, bool joined)
    {
        // An empty setting takes back one that is set elsewhere; an empty flag is a variable of somebody's script that is not set.
        var missing = value is null || (value.Length == 0 && Settings.ContainsKey(name)) || (!joined && value.StartsWith("--", StringComparison.Ordinal));
        return missing ? throw Misused($"{name} needs a value.") : value!;
    }

    private static string Bool(string value) => bool.TryParse(value, out _) ? value : throw Misused($"{Demo} is true or false, not '{value}'.");

    private static IEnumerable<string> Known() => [.. Settings.Keys, Demo, .. KnownSettings.Names.Select(name => $"--{name}")];

    private static StartException Misused(string message) => new(message, Help) { ExitCode = StartException.Misused };
}
