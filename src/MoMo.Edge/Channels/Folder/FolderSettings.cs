using MoMo.Domain.Channels;
using MoMo.Edge.Formats;

namespace MoMo.Edge.Channels.Folder;

/// <summary>What channels have in common that are folders, here or on a server.</summary>
/// <param name="Rules">What all channels have in common.</param>
/// <param name="Path"><c>path</c>: the folder.</param>
/// <param name="Pattern"><c>pattern</c>: names with <c>*</c> and <c>?</c>, such as <c>*.csv</c>; <c>*</c> by default.</param>
/// <param name="Ready"><c>ready</c>: <c>unchanged</c> (default), <c>marker</c> or <c>at-once</c>.</param>
/// <param name="Marker"><c>marker</c>: what the name of a file's marker ends in; <c>.ok</c> by default.</param>
/// <param name="After"><c>after</c>: <c>move</c> (default), <c>delete</c> or <c>leave</c>.</param>
/// <param name="Done"><c>done</c>: where taken files go; <c>done</c> by default.</param>
/// <param name="Failed"><c>failed</c>: where files go that can't be used; <c>failed</c> by default.</param>
internal sealed record FolderSettings(
    ChannelRules Rules, string Path, string Pattern, string Ready, string Marker, string After, string Done, string Failed)
{
    public static FolderSettings Read(SettingsReader settings)
    {
        var read = new FolderSettings(
            RulesReader.Read(settings),
            settings.Text("path") ?? "",
            settings.Text("pattern") ?? "*",
            Word(settings, "ready", "unchanged", "marker", "at-once"),
            settings.Text("marker") ?? ".ok",
            Word(settings, "after", "move", "delete", "leave"),
            settings.Text("done") ?? "done",
            settings.Text("failed") ?? "failed");
        if (read.Path.Length == 0) settings.Fault("path", "setting-missing", "Give the path of the folder.");
        foreach (var (name, value) in new[] { ("path", read.Path), ("done", read.Done), ("failed", read.Failed), ("marker", read.Marker) })
            if (value.Any(char.IsControl)) settings.Fault(name, "setting-malformed", "Control characters can't be used.");
        foreach (var (name, value) in new[] { ("done", read.Done), ("failed", read.Failed) })
            if (value.Contains('/', StringComparison.Ordinal) || value is "." or "..")
                settings.Fault(name, "setting-malformed", "Give the name of a folder below path, without slashes.");
        return read;
    }

    /// <summary>One of several words; the first by default.</summary>
    public static string Word(SettingsReader settings, string name, params string[] words)
    {
        if (settings.Text(name) is not { } word) return words[0];
        if (!words.Contains(word)) settings.Fault(name, "setting-malformed", $"Give one of: {string.Join(", ", words)}.");
        return word;
    }
}
