using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MoMo.Domain.Channels;
using MoMo.Edge.Formats;
using MoMo.Edge.Formats.Rows;

namespace MoMo.Edge.Channels.Poll;

/// <summary>How answers follow each other, and which say that there is nothing.</summary>
/// <param name="Next"><c>next</c>: where an answer names the next page, such as <c>paging.next</c>: a cursor, or a URL of the same server.</param>
/// <param name="Items"><c>items</c>: where an answer has its rows, which are counted for <c>{offset}</c>. Rows may stand in lists inside the list.</param>
/// <param name="Nothing">
/// <c>nothing_when</c>: what an answer says, whatever its status, when there are no rows: a text by its place. <c>so*</c> stands for all that begin so, and
/// <c>*so*</c> for all that hold it.
/// </param>
internal sealed record PollPages(string? Next, string? Items, IReadOnlyDictionary<string, string> Nothing)
{
    private const int NothingMax = 5;
    private const int NextMax = 2_000;
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 64 };

    public static PollPages Read(SettingsReader settings) => new(settings.Text("next"), settings.Text("items"), ReadNothing(settings));

    /// <summary>Where the next page is; null when there is none.</summary>
    /// <exception cref="ChannelException">The answer is not JSON, or what it names can be neither asked for nor remembered.</exception>
    public string? NextOf(byte[] body) => Ask(body, "names no next page", root => TextOf(Find(root, Next!)) switch
    {
        { Length: > NextMax } => throw new ChannelException($"The server's answer names a next page with more than {NextMax:N0} characters."),
        { } text when text.Any(char.IsControl) => throw new ChannelException("The server's answer names a next page with a control character."),
        var text => text,
    });

    /// <summary>How many rows an answer has, and a mark by which the same rows are known again.</summary>
    /// <exception cref="ChannelException">The answer is not JSON, or has no list there: it is not known whether there are rows.</exception>
    public (int Count, string Mark) RowsOf(byte[] body) => Ask(body, "has no rows to count", root =>
    {
        if (Find(root, Items!) is not { ValueKind: JsonValueKind.Array } list) throw new ChannelException($"The server's answer has no list at {Items}.");
        var count = list.EnumerateArray().Sum(row => row.ValueKind == JsonValueKind.Array ? row.GetArrayLength() : 1);
        return (count, Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(list.GetRawText()))));
    });

    /// <summary>Whether an answer says that there is nothing.</summary>
    public bool SaysNothing(byte[] body)
    {
        if (Nothing.Count == 0) return false;
        try
        {
            using var document = JsonDocument.Parse(body, Options);
            return Nothing.Any(one => TextOf(Find(document.RootElement, one.Key)) is { } said && RowFilter.Fits(said.AsSpan().Trim(), one.Value));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static T Ask<T>(byte[] body, string otherwise, Func<JsonElement, T> ask)
    {
        try
        {
            using var document = JsonDocument.Parse(body, Options);
            return ask(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new ChannelException($"The server's answer is not JSON, so it {otherwise}.", e);
        }
    }

    private static JsonElement? Find(JsonElement place, string path)
    {
        foreach (var name in path.Split('.'))
            if (place.ValueKind != JsonValueKind.Object || !place.TryGetProperty(name, out place)) return null;
        return place;
    }

    private static string? TextOf(JsonElement? value) => value switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
        _ => null,
    };

    private static Dictionary<string, string> ReadNothing(SettingsReader settings)
    {
        if (settings.Value("nothing_when") is not { } given) return [];
        if (given.ValueKind == JsonValueKind.Object && given.GetPropertyCount() is > 0 and <= NothingMax
            && given.EnumerateObject().All(one => IsPattern(one.Value)))
            return given.EnumerateObject().DistinctBy(one => one.Name).ToDictionary(one => one.Name, one => one.Value.GetString()!);
        settings.Fault("nothing_when", "setting-malformed", $"Give an object of 1 to {NothingMax} texts by their places, such as {{\"ResponseCode\": \"1001\"}}.");
        return [];
    }

    /// <summary>One that fits everything would say of each answer that it is none.</summary>
    private static bool IsPattern(JsonElement value) =>
        value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 and <= 200 } text && text.Any(letter => letter != '*');
}
