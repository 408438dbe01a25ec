using System.CommandLine;

namespace MoMo.Cli;

/// <summary>What every verb understands.</summary>
internal sealed class GlobalOptions
{
    public Option<string?> Url { get; } = new("--url")
    {
        Description = "The hub's address. Else MOMO_URL, else http://127.0.0.1:8080.",
        HelpName = "URL",
        Recursive = true,
    };

    public Option<string?> Key { get; } = new("--key")
    {
        Description = "API key. Else MOMO_KEY, else admin.key in the data folder (only for a hub on this machine, or with --data).",
        HelpName = "KEY",
        Recursive = true,
    };

    public Option<string?> Data { get; } = new("--data")
    {
        Description = "The hub's data folder. Else MOMO_DATA, else ./momo-data.",
        HelpName = "DIR",
        Recursive = true,
    };

    public Option<bool> Json { get; } = new("--json")
    {
        Description = "Print JSON for programs: one object, or one per line for lists.",
        Recursive = true,
    };

    public void AddTo(Command root)
    {
        root.Add(Url);
        root.Add(Key);
        root.Add(Data);
        root.Add(Json);
    }
}
