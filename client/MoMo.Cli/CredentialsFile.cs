using System.Text.Json;

namespace MoMo.Cli;

/// <summary>
/// Credentials of an adapter from a file. Not from the command line itself: that is in the shell's history, and every user of the machine sees it in
/// the list of processes.
/// </summary>
internal static class CredentialsFile
{
    private const string Option = "--credentials";

    /// <exception cref="Complaint">It is no file, or its content is no JSON object of texts.</exception>
    public static IReadOnlyDictionary<string, string?>? Read(string? given)
    {
        if (given is null) return null;
        if (!given.StartsWith('@'))
            throw new Complaint(
                $"{Option} takes @FILE only", "Others see the command line: write {\"secret_key\":\"…\"} to a file and give @FILE.", ExitCode.Misused);
        if (JsonText.Read(Option, given) is { ValueKind: JsonValueKind.Object } json
            && json.EnumerateObject().All(one => one.Value.ValueKind is JsonValueKind.String or JsonValueKind.Null))
        {
            Dictionary<string, string?> credentials = [];
            foreach (var one in json.EnumerateObject())
                if (!credentials.TryAdd(one.Name, one.Value.GetString()))
                    throw new Complaint($"{Option} names {one.Name} twice", "Leave one of them out: nobody knows which one counts.", ExitCode.Misused);
            return credentials;
        }

        throw new Complaint($"{Option} is no JSON object of texts", "Write {\"secret_key\":\"…\"}; null takes one away.", ExitCode.Misused);
    }
}
