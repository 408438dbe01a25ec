using System.Text.Json;

namespace MoMo.Cli;

/// <summary>JSON given on the command line: the text itself, or <c>@file</c>.</summary>
internal static class JsonText
{
    private const int SizeMax = 1_048_576;

    /// <exception cref="Complaint">It is not JSON, or its file is missing or longer than 1 MiB.</exception>
    public static JsonElement? Read(string option, string? text)
    {
        if (text is null) return null;
        try
        {
            return JsonElement.Parse(text.StartsWith('@') ? ReadFile(option, text[1..]) : text);
        }
        catch (JsonException e)
        {
            throw new Complaint(
                $"{option} is not JSON: look at line {(e.LineNumber ?? 0) + 1}, byte {(e.BytePositionInLine ?? 0) + 1}", "Quote it for the shell, or put it in a file and give @FILE.", ExitCode.Misused);
        }
    }

    private static string ReadFile(string option, string path)
    {
        if (path.Length == 0) throw new Complaint($"{option}: @ names no file", "Give @FILE with the path of a JSON file.", ExitCode.Misused);
        if (new FileInfo(path) is not { Exists: true, Length: <= SizeMax })
            throw new Complaint(
                $"{option}: {path} is missing or longer than 1 MiB", "Give @FILE with the path of a JSON file.", ExitCode.Misused);
        return File.ReadAllText(path);
    }
}
