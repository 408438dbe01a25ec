using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace MoMo.Cli;

/// <summary>A list of the hub, up to a limit: a table for people, a JSON object per line for programs.</summary>
internal sealed class Listing<T>(JsonTypeInfo<T> type, params Column<T>[] columns)
{
    /// <summary>Items of one request.</summary>
    private const int PageMax = 100;

    private const int LimitMax = 100_000;

    public Option<int> Limit { get; } = new("--limit")
    {
        Description = "How many are shown at most, from 1 to 100000.",
        HelpName = "N",
        DefaultValueFactory = _ => 50,
        CustomParser = given =>
        {
            var text = given.Tokens[0].Value;
            if (int.TryParse(text, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= LimitMax) return limit;
            given.AddError($"--limit takes a number from 1 to {LimitMax}.");
            return 0;
        },
    };

    /// <param name="call">Where it is shown.</param>
    /// <param name="ask">Asks the hub, given how many items a page should have.</param>
    /// <param name="cancellation">Cancels the listing.</param>
    public async Task<int> ShowAsync(Call call, Func<int, IAsyncEnumerable<T>> ask, CancellationToken cancellation)
    {
        var limit = call.Value(Limit);
        var shown = new List<T>();
        var count = 0;
        var lines = call.Json ? call.Terminal.OpenList() : TextWriter.Null;
        await foreach (var item in ask(Math.Min(limit + 1, PageMax)).WithCancellation(cancellation))
        {
            if (++count > limit) break;
            if (!call.Json) shown.Add(item);
            else if (!await TryWriteAsync(lines, JsonSerializer.Serialize(item, type))) return ExitCode.Done;
        }

        if (!call.Json) Write(call, shown);
        if (count > limit) call.Remark($"There are more than {limit}: raise --limit.");
        return ExitCode.Done;
    }

    /// <returns>Whether anybody reads it.</returns>
    private static async Task<bool> TryWriteAsync(TextWriter lines, string line)
    {
        try
        {
            await lines.WriteLineAsync(line);
            return true;
        }
        catch (IOException)
        {
            // Whoever has seen enough, such as head, wants no more pages to be asked for.
            return false;
        }
    }

    private void Write(Call call, List<T> shown)
    {
        if (shown.Count > 0) Table.Write(call.Terminal, columns, shown);
        else call.Terminal.Out.WriteLine("none");
    }
}
