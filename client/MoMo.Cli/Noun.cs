using System.CommandLine;
using System.Text.Json.Serialization.Metadata;

namespace MoMo.Cli;

/// <summary>The verbs that every configured noun has in common: list, show and remove.</summary>
internal sealed class Noun<TView>(Shell shell, string plural, string singular, JsonTypeInfo<TView> type, Listing<TView> listing)
{
    /// <summary>Comes before the id where the noun belongs to an account; null for none.</summary>
    public Argument<string>? Owner { get; init; }

    public required Func<Call, int, CancellationToken, IAsyncEnumerable<TView>> All { get; init; }

    public required Func<Call, string, CancellationToken, Task<TView>> One { get; init; }

    public required Func<Call, string, TView, CancellationToken, Task> Delete { get; init; }

    public Argument<string> Id { get; } = Given.Argument("ID", "Its id.");

    private string Owned => Owner is null ? "" : " ACCOUNT";

    public Verb List() => Start("list", $"List {plural}.", $"{plural} list{Owned.ToLowerInvariant()}", listing.Limit).Runs(
        shell,
        (call, cancellation) => listing.ShowAsync(call, pageSize => All(call, pageSize, cancellation), cancellation));

    public Verb ShowOne() => Start("show", $"Show one {singular}.", $"{plural} show{Owned} ID", Id).Runs(
        shell,
        async (call, cancellation) => Card.Write(call, await One(call, call.Value(Id), cancellation), type));

    public Verb Remove(params Symbol[] symbols) =>
        Start("remove", $"Remove one {singular} that nothing refers to.", $"{plural} remove{Owned} ID", [Id, .. symbols]).Runs(
        shell,
        async (call, cancellation) =>
        {
            var id = call.Value(Id);
            await Delete(call, id, await One(call, id, cancellation), cancellation);
            call.Remark($"{char.ToUpperInvariant(singular[0])}{singular[1..]} {id} is removed.");
            return ExitCode.Done;
        });

    /// <summary>Creates one: <paramref name="create"/> makes it of the id and the options.</summary>
    public Verb Add(string example, Func<Call, string, CancellationToken, Task<TView>> create, params Symbol[] symbols) =>
        Start("add", $"Create one {singular}.", $"{plural} add {example}", [Id, .. symbols]).Runs(
            shell,
            async (call, cancellation) => Card.Write(call, await create(call, call.Value(Id), cancellation), type));

    /// <summary>Changes what is given and leaves the rest as it is.</summary>
    public Verb Set(string example, Func<Call, string, TView, CancellationToken, Task<TView>> change, params Symbol[] symbols) =>
        Start("set", $"Change one {singular}: what is given changes, the rest stays.", $"{plural} set {example}", [Id, .. symbols]).Runs(
            shell,
            async (call, cancellation) =>
            {
                var id = call.Value(Id);
                return Card.Write(call, await change(call, id, await One(call, id, cancellation), cancellation), type);
            });

    private Verb Start(string name, string description, string example, params Symbol[] symbols)
    {
        var verb = new Verb(name, description, example);
        if (Owner is not null) verb.Add(Owner);
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument) verb.Add(argument);
            else verb.Add((Option)symbol);
        }

        return verb;
    }
}
