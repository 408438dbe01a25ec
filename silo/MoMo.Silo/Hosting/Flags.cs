namespace MoMo.Silo.Hosting;

/// <summary>The silo's short flags, as the settings that they stand for.</summary>
internal static class Flags
{
    /// <summary>Only says whether a database is given or the silo brings its own: <c>given</c> or <c>own</c>.</summary>
    public const string WhoseDatabase = "--whose-database";

    private static readonly Dictionary<string, string> Settings = new()
    {
        ["--data"] = "MoMo:Data",
        ["--database"] = "MoMo:Database:ConnectionString",
        ["--urls"] = "urls",
    };

    /// <summary><c>--data DIR</c> becomes <c>--MoMo:Data=DIR</c>, <c>--demo</c> becomes <c>--MoMo:Demo=true</c>; all else stays.</summary>
    public static string[] ToSettings(IReadOnlyList<string> args)
    {
        List<string> settings = [];
        for (var place = 0; place < args.Count; place++)
        {
            var (name, value) = args[place].Split('=', 2) is [var left, var right] ? (left, right) : (args[place], null);
            if (name == "--demo") settings.Add($"--MoMo:Demo={value ?? "true"}");
            else if (name == WhoseDatabase) continue;
            else if (!Settings.TryGetValue(name, out var setting)) settings.Add(args[place]);
            else if (value is not null) settings.Add($"--{setting}={value}");
            else if (place + 1 < args.Count) settings.Add($"--{setting}={args[++place]}");
        }

        return [.. settings];
    }
}
